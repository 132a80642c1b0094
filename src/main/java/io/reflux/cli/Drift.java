package io.reflux.cli;

import io.reflux.image.ImageShape;

/**
 * How a feed changes over a period of so many images and comes back to where it began: the classes take turns at being
 * common, the light becomes warm and then cold (or bright and dark where there is one channel), and half-way the images
 * are tilted and pale.
 *
 * @param period images until everything is as at first
 */
record Drift(long period) {
    private static final double COMMONNESS = 1.2;
    private static final double LIGHT = 0.4;
    private static final double PALENESS = 0.45;
    private static final double TILT = StrictMath.PI / 7;
    private static final double GREY = 127.5;

    Drift {
        if (period < 1) {
            throw new IllegalArgumentException("a period of " + period + " images is none");
        }
    }

    /** How common each class is at an image of the feed: weights that add up to 1, the greatest eleven times the least. */
    double[] proportions(long image, int classes) {
        double[] weights = new double[classes];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            weights[c] = StrictMath.exp(COMMONNESS * StrictMath.cos(phase(image) - 2 * StrictMath.PI * c / classes));
            sum += weights[c];
        }
        for (int c = 0; c < classes; c++) {
            weights[c] /= sum;
        }
        return weights;
    }

    /** An image as it looks at its place in the feed, u8 [C,H,W]; at the beginning of a period as it is. */
    byte[] apply(long image, ImageShape shape, byte[] pixels) {
        double warmth = LIGHT * StrictMath.sin(phase(image));
        double halfway = (1 - StrictMath.cos(phase(image))) / 2;
        double contrast = 1 - PALENESS * halfway;
        byte[] changed = new byte[pixels.length];
        for (int c = 0; c < shape.channels(); c++) {
            double gain = 1 + warmth * StrictMath.cos(2 * StrictMath.PI * c / 3);
            for (int y = 0; y < shape.height(); y++) {
                for (int x = 0; x < shape.width(); x++) {
                    double value = tilted(shape, pixels, c, y, x, TILT * halfway);
                    changed[index(shape, c, y, x)] = level(GREY + contrast * (gain * value - GREY));
                }
            }
        }
        return changed;
    }

    private double phase(long image) {
        return 2 * StrictMath.PI * (image % period) / period;
    }

    /** The value that a rotation about the middle brings to a pixel, between four pixels; the border goes on outside. */
    private static double tilted(ImageShape shape, byte[] pixels, int c, int y, int x, double angle) {
        double down = y - (shape.height() - 1) / 2.0;
        double right = x - (shape.width() - 1) / 2.0;
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double fromY = clamp(cos * down - sin * right + (shape.height() - 1) / 2.0, shape.height() - 1);
        double fromX = clamp(sin * down + cos * right + (shape.width() - 1) / 2.0, shape.width() - 1);
        int top = (int) fromY;
        int left = (int) fromX;
        int bottom = Math.min(top + 1, shape.height() - 1);
        int beside = Math.min(left + 1, shape.width() - 1);
        double above = mix(value(shape, pixels, c, top, left), value(shape, pixels, c, top, beside), fromX - left);
        double below =
                mix(value(shape, pixels, c, bottom, left), value(shape, pixels, c, bottom, beside), fromX - left);
        return mix(above, below, fromY - top);
    }

    private static double mix(double first, double second, double part) {
        return first + part * (second - first);
    }

    private static double clamp(double value, double most) {
        return Math.max(0, Math.min(most, value));
    }

    private static byte level(double value) {
        return (byte) Math.round(clamp(value, 255));
    }

    private static int value(ImageShape shape, byte[] pixels, int c, int y, int x) {
        return Byte.toUnsignedInt(pixels[index(shape, c, y, x)]);
    }

    private static int index(ImageShape shape, int c, int y, int x) {
        return c * shape.plane() + y * shape.width() + x;
    }
}
