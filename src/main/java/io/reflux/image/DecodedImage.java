package io.reflux.image;

import java.util.Arrays;

/**
 * One image, unpacked.
 *
 * @param shape [C,H,W]
 * @param pixels u8 in CHW order; not copied, not to be changed
 */
public record DecodedImage(ImageShape shape, byte[] pixels) {
    public DecodedImage {
        if (pixels.length != shape.size()) {
            throw new IllegalArgumentException(
                    "an image of " + shape + " has " + shape.size() + " bytes, not " + pixels.length);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecodedImage that && shape.equals(that.shape) && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "image of " + shape;
    }
}
