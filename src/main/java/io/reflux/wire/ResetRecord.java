package io.reflux.wire;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A feed's beginning anew: everything on {@code reservoir} that is not of its incarnation is forgotten.
 *
 * @param key the feed
 * @param incarnation that begins; unique
 * @param time it was asked for
 * @param deleted whether the feed's generations and rounds go as well
 * @param offsets ends of the partitions of {@code images} at that time; records below them do not count
 */
public record ResetRecord(
        ReservoirKey.OfReset key, String incarnation, Instant time, boolean deleted, Map<Integer, Long> offsets)
        implements ReservoirRecord {
    public static final String FORMAT = "reflux-reset/1";

    private record Reset(
            String format,
            @Nullable String incarnation,
            @Nullable Instant time,
            boolean deleted,
            @Nullable SortedMap<Integer, Long> offsets) {}

    public ResetRecord {
        offsets = Map.copyOf(offsets);
    }

    static ResetRecord parse(ReservoirKey.OfReset key, byte[] value) throws WireException {
        Reset document = Json.read(value, Reset.class);
        FormatVersion.require(document.format, FORMAT);
        if (document.incarnation == null || document.incarnation.isEmpty() || document.time == null) {
            throw new WireException("reset " + key.key() + " lacks its incarnation or its time");
        }
        return new ResetRecord(
                key,
                document.incarnation,
                document.time,
                document.deleted,
                document.offsets == null ? Map.of() : document.offsets);
    }

    @Override
    public byte[] value() {
        return Json.write(new Reset(FORMAT, incarnation, time, deleted, new TreeMap<>(offsets)));
    }
}
