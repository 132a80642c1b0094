package io.reflux.image;

import io.reflux.format.FormatException;
import io.reflux.format.Npy;
import io.reflux.format.Tensor;
import io.reflux.image.UndecodableImageException.Reason;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns an encoded image of a known content type into u8 pixels [C,H,W].
 *
 * <p>Content types: {@code image/png}, {@code image/jpeg}, {@code application/x-npy} (u8 [C,H,W] or [H,W]) and
 * {@code application/octet-stream} (raw u8 [C,H,W], with its shape told). Gray images keep their one channel; alpha is
 * composited on black; palettes become RGB; 16-bit samples become 8-bit ones; a rotation told in metadata is ignored.
 * The bytes are never trusted: dimensions are read from the header and judged before anything is unpacked.
 */
public final class ImageDecoder {
    private final long maxPixels;

    /** @param maxPixels the largest height times width that is unpacked */
    public ImageDecoder(long maxPixels) {
        if (maxPixels < 1) {
            throw new IllegalArgumentException("an image decoder needs to allow at least 1 pixel, not " + maxPixels);
        }
        this.maxPixels = maxPixels;
    }

    /**
     * Decodes one image.
     *
     * @param contentType in any case, with or without parameters
     * @param shape {@code C,H,W}; needed by raw pixels only, ignored otherwise
     * @param payload of raw pixels the image's own array from now on, not to be changed
     * @throws UndecodableImageException if the bytes are not such an image; nothing else is thrown for any bytes
     */
    public DecodedImage decode(@Nullable String contentType, @Nullable String shape, byte[] payload)
            throws UndecodableImageException {
        String type = mediaType(contentType);
        if (payload.length == 0) {
            throw new UndecodableImageException(Reason.EMPTY, "the image has no bytes");
        }
        return switch (type) {
            case "image/png" -> PngImage.parse(payload).decode(maxPixels);
            case "image/jpeg", "image/jpg" -> JpegImage.parse(payload).decode(maxPixels);
            case "application/x-npy" -> decodeNpy(payload);
            case "application/octet-stream" -> decodeRaw(shape, payload);
            default ->
                throw new UndecodableImageException(
                        Reason.UNKNOWN_CONTENT_TYPE,
                        "content type '" + type + "' is unknown; known are image/png, image/jpeg, application/x-npy and"
                                + " application/octet-stream");
        };
    }

    private static String mediaType(@Nullable String contentType) throws UndecodableImageException {
        if (contentType == null || contentType.isBlank()) {
            throw new UndecodableImageException(Reason.UNKNOWN_CONTENT_TYPE, "the image has no content type");
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.trim().toLowerCase(Locale.ROOT);
    }

    private DecodedImage decodeNpy(byte[] payload) throws UndecodableImageException {
        Tensor tensor;
        try {
            tensor = Npy.decode(payload);
        } catch (FormatException e) {
            throw new UndecodableImageException(Reason.TRUNCATED_OR_CORRUPT, String.valueOf(e.getMessage()), e);
        }
        if (tensor.type() != Tensor.Type.U8) {
            throw new UndecodableImageException(Reason.WRONG_TYPE, "an image array is of U8, this is a " + tensor);
        }
        int[] sizes = tensor.shape();
        if (sizes.length < 2 || sizes.length > 3) {
            throw new UndecodableImageException(
                    Reason.WRONG_SHAPE, "an image array is [C,H,W] or [H,W], not " + Arrays.toString(sizes));
        }
        int channels = sizes.length == 3 ? sizes[0] : 1;
        ImageShape shape = shape(channels, sizes[sizes.length - 2], sizes[sizes.length - 1], maxPixels);
        return new DecodedImage(shape, tensor.bytes());
    }

    private DecodedImage decodeRaw(@Nullable String shapeText, byte[] payload) throws UndecodableImageException {
        if (shapeText == null || shapeText.isBlank()) {
            throw new UndecodableImageException(
                    Reason.MISSING_SHAPE, "raw pixels need a shape C,H,W such as 3,32,32 beside them");
        }
        ImageShape shape;
        try {
            shape = ImageShape.parse(shapeText);
        } catch (IllegalArgumentException e) {
            throw new UndecodableImageException(Reason.WRONG_SHAPE, String.valueOf(e.getMessage()), e);
        }
        requirePixels(shape.height(), shape.width(), maxPixels);
        if (shape.size() != payload.length) {
            throw new UndecodableImageException(
                    Reason.WRONG_SHAPE,
                    "an image of " + shape + " has " + shape.size() + " bytes, the payload has " + payload.length);
        }
        return new DecodedImage(shape, payload);
    }

    /** A valid shape within the limit, or the reason why not. */
    static ImageShape shape(int channels, long height, long width, long maxPixels) throws UndecodableImageException {
        if (channels != 1 && channels != 3) {
            throw new UndecodableImageException(
                    Reason.UNSUPPORTED_CHANNELS, "an image has 1 or 3 channels first, this one has " + channels);
        }
        if (height < 1 || width < 1) {
            throw new UndecodableImageException(
                    Reason.WRONG_SHAPE, "an image of " + height + " × " + width + " pixels is empty");
        }
        requirePixels(height, width, maxPixels);
        return new ImageShape(channels, (int) height, (int) width);
    }

    private static void requirePixels(long height, long width, long maxPixels) throws UndecodableImageException {
        // Three channels have to fit an array whatever the limit is.
        long limit = Math.min(maxPixels, (Integer.MAX_VALUE - 8) / 3);
        if (height > limit / width) {
            throw new UndecodableImageException(
                    Reason.TOO_MANY_PIXELS,
                    "an image of " + height + " × " + width + " pixels exceeds the limit of " + limit);
        }
    }
}
