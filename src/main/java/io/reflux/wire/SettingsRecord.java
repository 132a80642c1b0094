package io.reflux.wire;

import io.reflux.image.ImageShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is settled for a feed: by its configuration, by the first snapshot, and by the first round.
 *
 * @param key the feed
 * @param epoch of the settings that decide priorities
 * @param shape of the images that rounds see; null before it is settled
 * @param classes that rounds see, in their fixed order; empty before they are settled
 * @param normalisation of the rounds; null before the first
 * @param perClass k
 * @param halfLifeMillis of an image's weight; 0: none
 * @param holdOut fraction held out
 * @param incarnation of the feed they are settled for; empty before its first reset
 */
public record SettingsRecord(
        ReservoirKey.OfSettings key,
        String epoch,
        @Nullable ImageShape shape,
        List<String> classes,
        @Nullable Scale normalisation,
        int perClass,
        long halfLifeMillis,
        double holdOut,
        String incarnation)
        implements ReservoirRecord {
    private static final String FORMAT = "reflux-settings/2";

    private record Settings(
            @Nullable String format,
            String epoch,
            @Nullable String shape,
            @Nullable List<String> classes,
            @Nullable Scale normalisation,
            int perClass,
            long halfLifeMillis,
            double holdOut,
            @Nullable String incarnation) {}

    /** Settings of a feed that was never reset. */
    public SettingsRecord(
            ReservoirKey.OfSettings key,
            String epoch,
            @Nullable ImageShape shape,
            List<String> classes,
            @Nullable Scale normalisation,
            int perClass,
            long halfLifeMillis,
            double holdOut) {
        this(key, epoch, shape, classes, normalisation, perClass, halfLifeMillis, holdOut, "");
    }

    public SettingsRecord {
        classes = List.copyOf(classes);
    }

    static SettingsRecord parse(ReservoirKey.OfSettings key, byte[] value) throws WireException {
        Settings document = Json.read(value, Settings.class);
        FormatVersion.requireIfSaid(document.format, FORMAT);
        try {
            return new SettingsRecord(
                    key,
                    document.epoch,
                    document.shape == null ? null : ImageShape.parse(document.shape),
                    document.classes == null ? List.of() : document.classes,
                    document.normalisation,
                    document.perClass,
                    document.halfLifeMillis,
                    document.holdOut,
                    document.incarnation == null ? "" : document.incarnation);
        } catch (IllegalArgumentException e) {
            throw new WireException("settings " + key.key() + " are not readable: " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] value() {
        return Json.write(new Settings(
                FORMAT,
                epoch,
                shape == null ? null : shape.toString(),
                classes,
                normalisation,
                perClass,
                halfLifeMillis,
                holdOut,
                incarnation.isEmpty() ? null : incarnation));
    }
}
