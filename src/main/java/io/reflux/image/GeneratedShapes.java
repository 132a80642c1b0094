package io.reflux.image;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A data set drawn by plain arithmetic: ten classes of figures and textures that vary in place, size, rotation, colour
 * and contrast, among clutter and noise. Every image has a seed of its own, so image i is the same however many are
 * drawn, and the same on every machine.
 */
public final class GeneratedShapes {
    /** Pixels in the smaller direction at least. */
    public static final int SMALLEST = 16;

    /** Pixels in the larger direction at most. */
    public static final int LARGEST = 128;

    /** Names of the classes, in the order of their images. */
    public static final List<String> CLASSES =
            Arrays.stream(Figure.values()).map(Figure::label).toList();

    private GeneratedShapes() {}

    /**
     * Draws the data set; image i is of class i modulo ten.
     *
     * @param shape 1 or 3 channels at 16 to 128 pixels in each direction
     * @throws IllegalArgumentException for another shape, or numbers below 1
     */
    public static DataSet generate(ImageShape shape, int trainPerClass, int testPerClass, long seed) {
        int smaller = Math.min(shape.height(), shape.width());
        int larger = Math.max(shape.height(), shape.width());
        if (smaller < SMALLEST || larger > LARGEST || trainPerClass < 1 || testPerClass < 1) {
            throw new IllegalArgumentException(
                    "shapes are drawn at " + SMALLEST + " to " + LARGEST + " pixels and at least one a class, not "
                            + trainPerClass + " and " + testPerClass + " of " + shape);
        }
        return new DataSet("generated-shapes", draw(shape, trainPerClass, seed, 0), draw(shape, testPerClass, seed, 1));
    }

    private static ImageSet draw(ImageShape shape, int perClass, long seed, int part) {
        int images = Math.multiplyExact(perClass, CLASSES.size());
        byte[] pixels = new byte[Math.multiplyExact(images, shape.size())];
        int[] labels = new int[images];
        for (int i = 0; i < images; i++) {
            labels[i] = i % CLASSES.size();
            Scene scene = new Scene(shape, Figure.values()[labels[i]], random(seed, part, i));
            System.arraycopy(scene.draw(), 0, pixels, i * shape.size(), shape.size());
        }
        return new ImageSet(shape, CLASSES, pixels, labels);
    }

    /** The parts and images of a seed are streams far apart: the generator mixes the seed it is given once more. */
    private static SplittableRandom random(long seed, int part, int image) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + ((long) part << 32) + image);
    }
}
