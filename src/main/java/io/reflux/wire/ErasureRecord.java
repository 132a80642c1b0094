package io.reflux.wire;

import io.reflux.sample.Identity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An image, or all images of a device, that no sample of the feed may hold, whoever sends them again. Stands on
 * {@code reservoir} for as long as it is to hold; a tombstone lifts it.
 *
 * @param key feed and what is erased
 * @param time of the erasure
 * @param until images of the device taken later are not erased; null erases those to come as well
 */
public record ErasureRecord(
        ReservoirKey.OfErasure key, Instant time, @Nullable Instant until) implements ReservoirRecord {
    public static final String FORMAT = "reflux-erasure/1";

    private record Erasure(
            String format, @Nullable Instant time, @Nullable Instant until) {}

    static ErasureRecord parse(ReservoirKey.OfErasure key, byte[] value) throws WireException {
        Erasure document = Json.read(value, Erasure.class);
        FormatVersion.require(document.format, FORMAT);
        if (document.time == null) {
            throw new WireException("erasure " + key.key() + " does not say when it was asked for");
        }
        return new ErasureRecord(key, document.time, document.until);
    }

    /**
     * Whether an image is erased by it.
     *
     * @param device that sent it, as far as its record says
     * @param timestamp when it was taken, milliseconds since the epoch
     */
    public boolean covers(Identity identity, @Nullable Device device, long timestamp) {
        return switch (key.kind()) {
            case IMAGE -> key.name().equals(identity.text());
            case DEVICE ->
                (until == null || timestamp <= until.toEpochMilli())
                        && (device != null && key.name().equals(device.text())
                                || Device.sourceOf(identity)
                                        .filter(source -> key.name().equals(source.text()))
                                        .isPresent());
        };
    }

    @Override
    public byte[] value() {
        return Json.write(new Erasure(FORMAT, time, until));
    }
}
