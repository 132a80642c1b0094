package io.reflux.nn;

import io.reflux.image.ImageShape;

/**
 * How u8 pixels become the values that networks see, and back. Immutable; equal when all numbers are, and
 * {@code toString} names each of them or a digest of them.
 */
public sealed interface Normalisation permits ChannelNormalisation, ZcaNormalisation {
    /** Whether it is one of images of this shape. */
    boolean fits(ImageShape shape);

    /** Normalises u8 pixels [n,C,H,W]. */
    float[] apply(byte[] pixels, ImageShape shape);

    /** Normalises brightness [n,C,H,W], in which black is 0 and white is 1. */
    float[] normalise(float[] brightness, ImageShape shape);

    /** The brightness of normalised values [n,C,H,W]; undoes {@link #normalise}. */
    float[] restore(float[] values, ImageShape shape);

    /** The nearest u8 pixels of normalised values [n,C,H,W], clamped to 0…255; for viewing. */
    default byte[] invert(float[] values, ImageShape shape) {
        float[] brightness = restore(values, shape);
        byte[] pixels = new byte[brightness.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(brightness[i] * 255f)));
        }
        return pixels;
    }
}
