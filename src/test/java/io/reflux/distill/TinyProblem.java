package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.TensorSession;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Networks, images and settings small enough for hundreds of evaluations in a test. */
final class TinyProblem {
    static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    static final List<String> CLASSES = List.of("left", "right", "both");

    private TinyProblem() {}

    static ConvNet network() {
        return new ConvNet(SHAPE, CLASSES.size(), 4, 2);
    }

    /** Uniform values in [−1, 1) of this shape, in float64. */
    static NDArray values(NDManager manager, String purpose, long... shape) {
        Draws draws = Draws.of(7, purpose, 0, 0);
        float[] values = new float[Math.toIntExact(new Shape(shape).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * draws.uniform() - 1;
        }
        return manager.create(values, new Shape(shape)).toType(DataType.FLOAT64, false);
    }

    static NDArray start(NDManager manager) {
        return manager.create(network().layout().initialise(Draws.of(3, "start", 0, 0)))
                .toType(DataType.FLOAT64, false);
    }

    static NDArray labels(NDManager manager, int images) {
        int[] labels = new int[images];
        for (int i = 0; i < images; i++) {
            labels[i] = i % CLASSES.size();
        }
        return TensorSession.oneHot(manager, labels, CLASSES.size()).toType(DataType.FLOAT64, false);
    }

    /** Mini-batches of {@code batch} of {@code images}, each family in turn. */
    static List<InnerStep> steps(int count, int images, int batch) {
        List<InnerStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Draws draws = Draws.of(11, "steps", i, 0);
            AugmentationFamily family = AugmentationFamily.values()[i % AugmentationFamily.values().length];
            int[] order = java.util.Arrays.copyOf(draws.permutation(images), batch);
            steps.add(new InnerStep(order, new Augmentation(EnumSet.of(family), SHAPE).draw(batch, draws)));
        }
        return steps;
    }

    /** Images of three easy classes: a bright bar on the left, on the right, or on both sides, in noise. */
    static ImageSet images(int perClass, long seed) {
        int count = perClass * CLASSES.size();
        byte[] pixels = new byte[count * SHAPE.size()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % CLASSES.size();
            Draws draws = Draws.of(seed, "image", i, 0);
            for (int p = 0; p < SHAPE.size(); p++) {
                int column = p % SHAPE.width();
                boolean left = column < 5 && labels[i] != 1;
                boolean right = column >= 11 && labels[i] != 0;
                pixels[i * SHAPE.size() + p] = (byte) (draws.below(100) + (left || right ? 120 : 0));
            }
        }
        return new ImageSet(SHAPE, CLASSES, pixels, labels);
    }

    static DistillationSettings settings() {
        return new DistillationSettings(
                1,
                StartImages.RANDOM,
                1,
                new NetworkSettings(4, 2),
                AugmentationFamily.all(),
                WhiteningSetting.NONE,
                new ExpertSettings(2, 1, 3, 8, 0.02, 0.01, 0.3),
                new MatchingSettings(24, 3, 2, 2, 0, 1, 1e-6, 0.02, 0.5, 0.9, Guards.on()),
                new EvaluationSettings(2, 2, 5, 16, 0.02, 10));
    }
}
