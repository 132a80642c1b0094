package io.reflux.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/** Records as an earlier version of Reflux wrote them. */
public final class RecordedRecords {
    private RecordedRecords() {}

    /** A record by the name of its topic without prefix. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Recorded(String topic, String key, byte[] value) {}

    /** All that the first version wrote into these topics: {@code reservoir}, {@code distilled} or {@code rounds}. */
    public static List<Recorded> ofFirstVersion(String topic) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(RecordedRecords.class.getResourceAsStream("/wire/records-1.txt"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(topic + " "))
                    .map(line -> line.split(" "))
                    .map(parts ->
                            new Recorded(parts[0], parts[1], Base64.getDecoder().decode(parts[2])))
                    .toList();
        }
    }
}
