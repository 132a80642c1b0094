package io.reflux.nn;

import io.reflux.image.ImageShape;

/**
 * The shape [C,H,W] of what a layer passes on; no side left means that a pooling took the last of it.
 *
 * @param channels C
 * @param height H, 0 or more
 * @param width W, 0 or more
 */
record FeatureMap(int channels, int height, int width) {
    static FeatureMap of(ImageShape image) {
        return new FeatureMap(image.channels(), image.height(), image.width());
    }

    /** After a convolution with a square kernel. */
    FeatureMap convolved(int filters, int kernel, int stride, int padding) {
        return new FeatureMap(
                filters,
                Math.floorDiv(height + 2 * padding - kernel, stride) + 1,
                Math.floorDiv(width + 2 * padding - kernel, stride) + 1);
    }

    /** After pooling in windows that do not overlap; what does not fill a window is left out. */
    FeatureMap pooled(int windowHeight, int windowWidth) {
        return new FeatureMap(channels, height / windowHeight, width / windowWidth);
    }

    /** C·H·W. */
    int size() {
        return channels * height * width;
    }
}
