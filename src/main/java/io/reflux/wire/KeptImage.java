package io.reflux.wire;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.sample.Identity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image of a feed's sample: safetensors with one tensor {@code image}, u8 [C,H,W], the rest in its metadata.
 *
 * @param key feed, label and identity
 * @param shape [C,H,W]
 * @param pixels u8, C·H·W; not a copy, not to be changed
 * @param priority the smaller, the longer it is kept
 * @param timestamp when it was taken, milliseconds since the epoch
 * @param heldOut whether it is for evaluation only
 * @param epoch of the settings that priority and held-out were judged by
 * @param device that sent it, by its record's key; null when the record had none or the first version wrote this one
 * @param incarnation of the feed that it belongs to; empty before a feed's first reset
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeptImage(
        ReservoirKey.OfImage key,
        ImageShape shape,
        byte[] pixels,
        double priority,
        long timestamp,
        boolean heldOut,
        String epoch,
        @Nullable Device device,
        String incarnation)
        implements ReservoirRecord {
    /** Bytes of pixels that fit into a record of 1,000,000 bytes beside key and metadata of any length allowed. */
    public static final int LARGEST_IMAGE = 980_000;

    private static final String TENSOR = "image";
    private static final String VERSION = "2";

    /** The first version has neither device nor incarnation. */
    private static final Set<String> READABLE = Set.of("1", VERSION);

    /** An image of no known device, in a feed that was never reset. */
    public KeptImage(
            ReservoirKey.OfImage key,
            ImageShape shape,
            byte[] pixels,
            double priority,
            long timestamp,
            boolean heldOut,
            String epoch) {
        this(key, shape, pixels, priority, timestamp, heldOut, epoch, null, "");
    }

    static KeptImage parse(ReservoirKey.OfImage key, byte[] value) throws WireException {
        try {
            Safetensors file = Safetensors.decode(value);
            Tensor image = file.tensors().get(TENSOR);
            if (image == null || image.type() != Tensor.Type.U8 || image.shape().length != 3) {
                throw new WireException("kept image " + key.key() + " has no tensor 'image' of u8 [C,H,W]");
            }
            int[] sizes = image.shape();
            Map<String, String> metadata = file.metadata();
            String version = required(key, metadata, "format-version");
            if (!READABLE.contains(version)) {
                throw new WireException("kept image " + key.key() + " has version '" + version
                        + "', which a later version of Reflux wrote; use that one");
            }
            String device = metadata.get("device");
            double priority = Double.parseDouble(required(key, metadata, "priority"));
            if (Double.isNaN(priority)) {
                throw new WireException("kept image " + key.key() + " has no number as its priority");
            }
            return new KeptImage(
                    key,
                    new ImageShape(sizes[0], sizes[1], sizes[2]),
                    image.bytes(),
                    priority,
                    Long.parseLong(required(key, metadata, "timestamp")),
                    Boolean.parseBoolean(required(key, metadata, "held-out")),
                    required(key, metadata, "settings-epoch"),
                    device == null ? null : new Device(device),
                    metadata.getOrDefault("incarnation", ""));
        } catch (FormatException | IllegalArgumentException e) {
            throw new WireException("kept image " + key.key() + " is not readable: " + e.getMessage(), e);
        }
    }

    /**
     * When an image was taken, milliseconds since the epoch, without a look at its pixels.
     *
     * @throws WireException when its record cannot be read
     */
    public static long timestamp(ReservoirKey.OfImage key, byte[] value) throws WireException {
        try {
            return Long.parseLong(required(key, Safetensors.metadata(value), "timestamp"));
        } catch (FormatException | IllegalArgumentException e) {
            throw new WireException("kept image " + key.key() + " is not readable: " + e.getMessage(), e);
        }
    }

    public String feed() {
        return key.feed();
    }

    public String label() {
        return key.label();
    }

    public Identity identity() {
        return key.identity();
    }

    /** The same image judged by other settings. */
    public KeptImage judged(double newPriority, boolean newHeldOut, String newEpoch) {
        return new KeptImage(key, shape, pixels, newPriority, timestamp, newHeldOut, newEpoch, device, incarnation);
    }

    @Override
    public byte[] value() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format-version", VERSION);
        metadata.put("identity", key.identity().text());
        // The shortest decimal that reads back as the same double.
        metadata.put("priority", Double.toString(priority));
        metadata.put("timestamp", Long.toString(timestamp));
        metadata.put("held-out", Boolean.toString(heldOut));
        metadata.put("settings-epoch", epoch);
        if (device != null) {
            metadata.put("device", device.text());
        }
        if (!incarnation.isEmpty()) {
            metadata.put("incarnation", incarnation);
        }
        Tensor image = Tensor.of(pixels, shape.channels(), shape.height(), shape.width());
        return new Safetensors(Map.of(TENSOR, image), metadata).encode();
    }

    private static String required(ReservoirKey.OfImage key, Map<String, String> metadata, String name)
            throws WireException {
        String value = metadata.get(name);
        if (value == null) {
            throw new WireException("kept image " + key.key() + " has no '" + name + "' in its metadata");
        }
        return value;
    }
}
