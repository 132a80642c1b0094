package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.reflux.image.ImageShape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VariantConvNetTest {
    private static final ImageShape SHAPE = new ImageShape(3, 8, 8);
    private static final int IMAGES = 3;
    private static final int CLASSES = 3;
    /** So small that hardly a ReLU or a maximum changes sides on the way. */
    private static final double STEP = 1e-7;

    static Stream<ConvNetVariant> everyBlock() {
        return ConvNetVariant.all().stream().filter(variant -> variant.width() == 32 && variant.depth() == 2);
    }

    @ParameterizedTest
    @MethodSource("everyBlock")
    void gradientAgreesWithFiniteDifferencesOfTheLoss(ConvNetVariant variant) {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Problem given = new Problem(session, variant);
            NDArray theta = TensorSession.leaf(given.theta);
            NDArray images = TensorSession.leaf(given.images);
            // When
            session.backward(given.loss(theta, images));
            // Then
            NDArray turn = given.direction;
            assertThat(dot(theta.getGradient(), turn))
                    .isCloseTo(
                            slope(
                                    given.loss(given.theta.add(turn.mul(STEP)), given.images),
                                    given.loss(given.theta.sub(turn.mul(STEP)), given.images)),
                            within(1e-5));
            NDArray shift = given.shift;
            assertThat(dot(images.getGradient(), shift))
                    .isCloseTo(
                            slope(
                                    given.loss(given.theta, given.images.add(shift.mul(STEP))),
                                    given.loss(given.theta, given.images.sub(shift.mul(STEP)))),
                            within(1e-5));
        }
    }

    @Test
    void isTheConvNetWithReluInstanceNormAndAveragePooling() {
        ImageShape shape = new ImageShape(1, 28, 28);
        ConvNet convNet = new ConvNet(shape, CLASSES, 32, 3);
        Network variant =
                new ConvNetVariant(32, 3, Nonlinearity.RELU, Norm.INSTANCE, Pooling.AVERAGE).network(shape, CLASSES);
        try (TensorSession session = TensorSession.open()) {
            NDArray theta =
                    TensorSession.place(session.manager(), variant.layout().initialise(Draws.of(1, "start", 0, 0)));
            NDArray images = values(session.manager(), "images", new Shape(IMAGES, 1, 28, 28));

            float[] logits = variant.logits(theta, images.toType(DataType.FLOAT32, false))
                    .toFloatArray();

            float[] expected = convNet.logits(theta, images.toType(DataType.FLOAT32, false))
                    .toFloatArray();
            assertThat(logits).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
        }
    }

    @Test
    void groupNormTakesAQuarterOfTheChannelsTogether() {
        try (TensorSession session = TensorSession.open()) {
            NDArray y = values(session.manager(), "map", new Shape(2, 8, 3, 5));
            NDArray scale = values(session.manager(), "scale", new Shape(8));
            NDArray shift = values(session.manager(), "shift", new Shape(8));

            double[] normed = Norm.GROUP.of(y, scale, shift).toDoubleArray();

            double[] expected = normalised(y.toDoubleArray(), 2 * 15);
            double[] gain = scale.toDoubleArray();
            double[] offset = shift.toDoubleArray();
            for (int i = 0; i < normed.length; i++) {
                int channel = i / 15 % 8;
                assertThat(normed[i]).isCloseTo(gain[channel] * expected[i] + offset[channel], within(1e-9));
            }
        }
    }

    @Test
    void layerNormTakesAnImageTogetherAndScalesEachValue() {
        try (TensorSession session = TensorSession.open()) {
            NDArray y = values(session.manager(), "map", new Shape(2, 4, 3, 5));
            NDArray scale = values(session.manager(), "scale", new Shape(4, 3, 5));
            NDArray shift = values(session.manager(), "shift", new Shape(4, 3, 5));

            double[] normed = Norm.LAYER.of(y, scale, shift).toDoubleArray();

            double[] expected = normalised(y.toDoubleArray(), 60);
            double[] gain = scale.toDoubleArray();
            double[] offset = shift.toDoubleArray();
            for (int i = 0; i < normed.length; i++) {
                assertThat(normed[i]).isCloseTo(gain[i % 60] * expected[i] + offset[i % 60], within(1e-9));
            }
        }
    }

    @Test
    void batchNormTestsOnTheStatisticsOfItsTrainingImages() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Problem given = new Problem(session, new ConvNetVariant(32, 2, Nonlinearity.RELU, Norm.BATCH, Pooling.MAX));
            double[] inTraining =
                    given.network.logits(given.theta, given.images).toDoubleArray();
            // When
            Network settled =
                    given.network.settled(session.manager(), given.theta, given.images, List.of(new int[] {2, 0, 1}));
            // Then
            double[] together = settled.logits(given.theta, given.images).toDoubleArray();
            double[] alone =
                    settled.logits(given.theta, given.images.get("1:2")).toDoubleArray();
            assertThat(settled.mixesBatch()).isFalse();
            for (int i = 0; i < together.length; i++) {
                assertThat(together[i]).isCloseTo(inTraining[i], within(1e-5));
            }
            for (int k = 0; k < CLASSES; k++) {
                assertThat(alone[k]).isCloseTo(together[CLASSES + k], within(1e-12));
            }
        }
    }

    @Test
    void poolsTheMomentsOfUnevenBatches() {
        try (TensorSession session = TensorSession.open()) {
            NDArray y = values(session.manager(), "map", new Shape(5, 1, 2, 3)).add(4);
            BatchMoments moments = new BatchMoments(1, 1);

            moments.add(0, y.get("0:4"));
            moments.add(0, y.get("4:5"));

            BatchMoments.Statistics pooled =
                    moments.settle(session.manager(), DataType.FLOAT64).get(0);
            double mean = y.mean().getDouble();
            assertThat(pooled.mean().toDoubleArray()[0]).isCloseTo(mean, within(1e-6));
            assertThat(pooled.variance().toDoubleArray()[0])
                    .isCloseTo(y.sub(mean).square().mean().getDouble(), within(1e-6));
        }
    }

    @Test
    void onlyBatchNormMixesABatch() {
        for (ConvNetVariant variant : ConvNetVariant.all()) {
            assertThat(variant.network(new ImageShape(3, 16, 16), 2).mixesBatch())
                    .isEqualTo(variant.norm() == Norm.BATCH);
        }
    }

    /** (v − mean) / √(variance + 1e-5) in runs of this length. */
    private static double[] normalised(double[] values, int run) {
        double[] normed = new double[values.length];
        for (int from = 0; from < values.length; from += run) {
            double mean = 0;
            double square = 0;
            for (int i = from; i < from + run; i++) {
                mean += values[i] / run;
                square += values[i] * values[i] / run;
            }
            for (int i = from; i < from + run; i++) {
                normed[i] = (values[i] - mean) / Math.sqrt(square - mean * mean + 1e-5);
            }
        }
        return normed;
    }

    private static double slope(NDArray after, NDArray before) {
        return (after.getDouble() - before.getDouble()) / (2 * STEP);
    }

    private static double dot(NDArray a, NDArray b) {
        return a.mul(b).sum().getDouble();
    }

    /** Uniform in [−1, 1), in float64. */
    private static NDArray values(NDManager manager, String purpose, Shape shape) {
        Draws draws = Draws.of(7, purpose, 0, 0);
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * draws.uniform() - 1;
        }
        return TensorSession.place(manager, values, shape).toType(DataType.FLOAT64, false);
    }

    /** A network with parameters, images and a direction for each, in float64. */
    private static final class Problem {
        private final VariantConvNet network;
        private final NDArray theta;
        private final NDArray direction;
        private final NDArray images;
        private final NDArray shift;
        private final NDArray labels;

        Problem(TensorSession session, ConvNetVariant variant) {
            NDManager manager = session.manager();
            this.network = variant.network(SHAPE, CLASSES);
            float[] start = network.layout().initialise(Draws.of(5, "start", 0, 0));
            this.theta = TensorSession.place(manager, start).toType(DataType.FLOAT64, false);
            this.direction = values(manager, "direction", theta.getShape()).mul(0.1);
            Shape batch = new Shape(IMAGES, SHAPE.channels(), SHAPE.height(), SHAPE.width());
            this.images = values(manager, "images", batch);
            this.shift = values(manager, "shift", batch);
            this.labels =
                    TensorSession.oneHot(manager, new int[] {0, 2, 1}, CLASSES).toType(DataType.FLOAT64, false);
        }

        NDArray loss(NDArray parameters, NDArray pixels) {
            return Loss.crossEntropy(network.logits(parameters, pixels), labels);
        }
    }
}
