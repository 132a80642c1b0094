package io.reflux.image;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Labelled u8 images of one shape, and the names of their classes. */
public final class ImageSet {
    private final ImageShape shape;
    private final List<String> classes;
    private final byte[] pixels;
    private final int[] labels;

    /**
     * Takes the arrays over without copying them.
     *
     * @param pixels u8 [n,C,H,W]
     * @param labels n indices into {@code classes}
     * @throws IllegalArgumentException if sizes do not fit, a label is out of range, or class names are not distinct
     */
    public ImageSet(ImageShape shape, List<String> classes, byte[] pixels, int[] labels) {
        this.shape = shape;
        this.classes = List.copyOf(classes);
        this.pixels = pixels;
        this.labels = labels;
        if ((long) labels.length * shape.size() != pixels.length) {
            throw new IllegalArgumentException(labels.length + " images of " + shape + " take "
                    + (long) labels.length * shape.size() + " bytes, got " + pixels.length);
        }
        if (this.classes.stream().distinct().count() != this.classes.size()) {
            throw new IllegalArgumentException("class names " + classes + " are not distinct");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= this.classes.size()) {
                throw new IllegalArgumentException(
                        "image " + i + " has label " + labels[i] + ", there are " + this.classes.size() + " classes");
            }
        }
    }

    /** The shape of every image, [C,H,W]. */
    public ImageShape shape() {
        return shape;
    }

    /** Class names by index. */
    public List<String> classes() {
        return classes;
    }

    /** All pixels, u8 [n,C,H,W]; not a copy, not to be changed. */
    public byte[] pixels() {
        return pixels;
    }

    /** The class index of each image; not a copy, not to be changed. */
    public int[] labels() {
        return labels;
    }

    /** The number of images. */
    public int size() {
        return labels.length;
    }

    /** A copy of image i, u8 [C,H,W]. */
    public byte[] image(int i) {
        int start = Math.multiplyExact(Objects.checkIndex(i, labels.length), shape.size());
        return Arrays.copyOfRange(pixels, start, start + shape.size());
    }

    /** The images at these indices, in this order; an index may repeat. */
    public ImageSet select(int[] indices) {
        int size = shape.size();
        byte[] selected = new byte[Math.multiplyExact(indices.length, size)];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(pixels, Math.multiplyExact(indices[i], size), selected, i * size, size);
        }
        int[] selectedLabels = Arrays.stream(indices).map(i -> labels[i]).toArray();
        return new ImageSet(shape, classes, selected, selectedLabels);
    }

    /** The indices of a class's images, ascending. */
    public int[] indicesOf(int classIndex) {
        return IntStream.range(0, labels.length)
                .filter(i -> labels[i] == classIndex)
                .toArray();
    }

    /** At most {@code limit} images of each class, drawn by the seed, in this set's order. */
    public ImageSet perClass(int limit, long seed) {
        int[] indices = IntStream.range(0, classes.size())
                .flatMap(c -> Arrays.stream(draw(indicesOf(c), limit, new SplittableRandom(seed * 1_000_003L + c))))
                .sorted()
                .toArray();
        return select(indices);
    }

    /** The first {@code limit} of a Fisher-Yates shuffle. */
    private static int[] draw(int[] from, int limit, SplittableRandom random) {
        int count = Math.min(limit, from.length);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, from.length);
            int drawn = from[j];
            from[j] = from[i];
            from[i] = drawn;
        }
        return Arrays.copyOf(from, count);
    }

    @Override
    public String toString() {
        return labels.length + " images of " + shape + " in " + classes.size() + " classes";
    }
}
