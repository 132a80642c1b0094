package io.reflux.distill;

import io.reflux.image.ImageShape;

/**
 * How large the problem is on which the core is measured; all its values are drawn from the seed.
 *
 * @param batch synthetic images, all of them in every inner step
 * @param steps N, inner steps of an iteration
 * @param width channels of the ConvNet; its depth follows the resolution
 * @param shape of an image
 * @param classes K
 */
public record CoreProblem(int batch, int steps, int width, ImageShape shape, int classes, long seed) {
    public CoreProblem {
        requirePositive("batch", batch);
        requirePositive("steps", steps);
        requirePositive("width", width);
        requirePositive("classes", classes);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("a problem's " + name + " must be at least 1, not " + value);
        }
    }
}
