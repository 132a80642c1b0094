package io.reflux.cli;

import io.reflux.image.ImageSet;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * An endless stream made of a data set: which class comes next is drawn by the seed in the proportions of the drift, the
 * images of a class come in an order of their own, again and again. The same seed gives the same stream.
 */
final class DriftingImages {
    private final ImageSet images;
    private final Drift drift;
    private final SplittableRandom random;
    private final int[][] order;
    private final int[] sent;
    private long number;

    /**
     * An image of the stream.
     *
     * @param number 0 for the first
     * @param pixels u8 [C,H,W]
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Drifted(long number, String label, byte[] pixels) {}

    /** @throws IllegalArgumentException when a class of the set has no image */
    DriftingImages(ImageSet images, Drift drift, long seed) {
        this.images = images;
        this.drift = drift;
        this.random = new SplittableRandom(seed);
        this.order = IntStream.range(0, images.classes().size())
                .mapToObj(images::indicesOf)
                .toArray(int[][]::new);
        this.sent = new int[order.length];
        if (Arrays.stream(order).anyMatch(indices -> indices.length == 0)) {
            throw new IllegalArgumentException("not every class of " + images + " has an image");
        }
        Arrays.stream(order).forEach(this::shuffle);
    }

    Drifted next() {
        int label = draw(drift.proportions(number, order.length));
        int image = order[label][sent[label]++ % order[label].length];
        byte[] pixels = drift.apply(number, images.shape(), images.image(image));
        return new Drifted(number++, images.classes().get(label), pixels);
    }

    private int draw(double[] proportions) {
        double point = random.nextDouble();
        int label = 0;
        while (label < proportions.length - 1 && point >= proportions[label]) {
            point -= proportions[label++];
        }
        return label;
    }

    private void shuffle(int[] indices) {
        for (int i = indices.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int drawn = indices[j];
            indices[j] = indices[i];
            indices[i] = drawn;
        }
    }
}
