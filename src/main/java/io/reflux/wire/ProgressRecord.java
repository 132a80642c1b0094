package io.reflux.wire;

import java.util.Map;
import java.util.TreeMap;

/**
 * What has been counted of a feed in one partition of the images topic. A pure function of the offset, so whoever
 * writes it writes the same.
 *
 * @param key feed and partition
 * @param offset every record below it is counted, none from it on
 * @param images taken as images, whether kept or not
 * @param bytes of their record values
 * @param rejects dead-lettered records by {@link Rejection.Reason#text()}
 */
public record ProgressRecord(
        ReservoirKey.OfProgress key, long offset, long images, long bytes, Map<String, Long> rejects)
        implements ReservoirRecord {
    private record Progress(long offset, long images, long bytes, Map<String, Long> rejects) {}

    public ProgressRecord {
        rejects = Map.copyOf(rejects);
    }

    static ProgressRecord parse(ReservoirKey.OfProgress key, byte[] value) throws WireException {
        Progress document = Json.read(value, Progress.class);
        Map<String, Long> rejects = document.rejects == null ? Map.of() : document.rejects;
        return new ProgressRecord(key, document.offset, document.images, document.bytes, rejects);
    }

    @Override
    public byte[] value() {
        return Json.write(new Progress(offset, images, bytes, new TreeMap<>(rejects)));
    }
}
