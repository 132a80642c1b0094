package io.reflux.wire;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What has been counted of a feed in one partition of the images topic. A pure function of the offset, so whoever
 * writes it writes the same.
 *
 * @param key feed and partition
 * @param offset every record below it is counted, none from it on
 * @param images taken as images, whether kept or not
 * @param bytes of their record values
 * @param rejects dead-lettered records by {@link Rejection.Reason#text()}
 * @param incarnation of the feed that is counted; empty before its first reset
 */
public record ProgressRecord(
        ReservoirKey.OfProgress key,
        long offset,
        long images,
        long bytes,
        Map<String, Long> rejects,
        String incarnation)
        implements ReservoirRecord {
    private static final String FORMAT = "reflux-progress/2";

    private record Progress(
            @Nullable String format,
            long offset,
            long images,
            long bytes,
            @Nullable Map<String, Long> rejects,
            @Nullable String incarnation) {}

    /** Counts of a feed that was never reset. */
    public ProgressRecord(
            ReservoirKey.OfProgress key, long offset, long images, long bytes, Map<String, Long> rejects) {
        this(key, offset, images, bytes, rejects, "");
    }

    public ProgressRecord {
        rejects = Map.copyOf(rejects);
    }

    static ProgressRecord parse(ReservoirKey.OfProgress key, byte[] value) throws WireException {
        Progress document = Json.read(value, Progress.class);
        FormatVersion.requireIfSaid(document.format, FORMAT);
        Map<String, Long> rejects = document.rejects == null ? Map.of() : document.rejects;
        return new ProgressRecord(
                key,
                document.offset,
                document.images,
                document.bytes,
                rejects,
                document.incarnation == null ? "" : document.incarnation);
    }

    @Override
    public byte[] value() {
        return Json.write(new Progress(
                FORMAT, offset, images, bytes, new TreeMap<>(rejects), incarnation.isEmpty() ? null : incarnation));
    }
}
