package io.reflux.image;

import java.util.SplittableRandom;

/** One image being drawn: a figure at a random place in random colours, over clutter and under noise. */
final class Scene {
    private static final int MOST_CLUTTER = 4;

    private final ImageShape shape;
    private final Figure figure;
    private final SplittableRandom random;
    private final double[] background;
    private final double[] slope;
    private final double[] foreground;
    private final double[] canvas;

    Scene(ImageShape shape, Figure figure, SplittableRandom random) {
        this.shape = shape;
        this.figure = figure;
        this.random = random;
        this.background = new double[shape.channels()];
        this.slope = new double[shape.channels()];
        this.foreground = new double[shape.channels()];
        this.canvas = new double[shape.size()];
    }

    /** The image, u8 [C,H,W]. */
    byte[] draw() {
        chooseColours();
        paintBackground();
        int clutter = random.nextInt(MOST_CLUTTER);
        for (int i = 0; i < clutter; i++) {
            paintClutter();
        }
        paintFigure();
        return withNoise();
    }

    /** A dark and a light tone, apart by a random contrast; which of them is in front is drawn too. */
    private void chooseColours() {
        double contrast = between(0.3, 0.75);
        double dark = between(0.05, 0.95 - contrast);
        boolean inverted = random.nextDouble() < 0.3;
        for (int c = 0; c < shape.channels(); c++) {
            double tint = shape.channels() == 1 ? 0 : 0.15;
            double low = dark + between(-tint, tint);
            double high = dark + contrast + between(-tint, tint);
            background[c] = inverted ? high : low;
            foreground[c] = inverted ? low : high;
            slope[c] = between(-0.15, 0.15);
        }
    }

    private void paintBackground() {
        double angle = between(0, 2 * StrictMath.PI);
        double across = StrictMath.cos(angle);
        double down = StrictMath.sin(angle);
        for (int c = 0; c < shape.channels(); c++) {
            for (int y = 0; y < shape.height(); y++) {
                for (int x = 0; x < shape.width(); x++) {
                    double along =
                            across * (x / (double) shape.width() - 0.5) + down * (y / (double) shape.height() - 0.5);
                    canvas[index(c, y, x)] = background[c] + slope[c] * along;
                }
            }
        }
    }

    /** A small bar or spot of a tone between background and figure. */
    private void paintClutter() {
        double strength = between(0.3, 0.9);
        double length = between(0.08, 0.3);
        double breadth = between(0.04, 0.09);
        Placement placement = new Placement(between(0, 1), between(0, 1), 1, between(0, StrictMath.PI));
        paint(
                placement,
                strength,
                (x, y, softness) -> Math.min(
                        Figure.inside(length - Math.abs(x), softness), Figure.inside(breadth - Math.abs(y), softness)));
    }

    private void paintFigure() {
        double size = between(0.28, 0.46);
        Placement placement =
                new Placement(0.5 + between(-0.14, 0.14), 0.5 + between(-0.14, 0.14), size, between(-0.6, 0.6));
        paint(placement, 1, figure::coverage);
    }

    private void paint(Placement placement, double strength, Coverage coverage) {
        double unit = placement.size * Math.min(shape.height(), shape.width());
        double cos = StrictMath.cos(placement.angle);
        double sin = StrictMath.sin(placement.angle);
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                double right = (x + 0.5 - placement.x * shape.width()) / unit;
                double below = (y + 0.5 - placement.y * shape.height()) / unit;
                double covered =
                        strength * coverage.at(cos * right + sin * below, cos * below - sin * right, 0.5 / unit);
                for (int c = 0; c < shape.channels(); c++) {
                    int at = index(c, y, x);
                    canvas[at] += covered * (foreground[c] - canvas[at]);
                }
            }
        }
    }

    /** Triangular noise of a strength of the image's own. */
    private byte[] withNoise() {
        double strength = between(0.02, 0.2);
        byte[] pixels = new byte[canvas.length];
        for (int i = 0; i < canvas.length; i++) {
            double value = canvas[i] + strength * (random.nextDouble() + random.nextDouble() - 1);
            pixels[i] = (byte) Math.max(0, Math.min(255, Math.round(255 * value)));
        }
        return pixels;
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private int index(int c, int y, int x) {
        return c * shape.plane() + y * shape.width() + x;
    }

    /** Centre and size as fractions of the image, rotation in radians. */
    private record Placement(double x, double y, double size, double angle) {}

    @FunctionalInterface
    private interface Coverage {
        double at(double x, double y, double softness);
    }
}
