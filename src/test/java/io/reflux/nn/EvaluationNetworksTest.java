package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.reflux.image.ImageShape;
import io.reflux.nn.ParameterLayout.Entry;
import io.reflux.nn.ParameterLayout.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The networks that sets are evaluated on, by name. */
class EvaluationNetworksTest {
    private static final ImageShape GRAY = new ImageShape(1, 28, 28);
    private static final int CLASSES = 3;
    private static final int IMAGES = 2;
    /** So small that hardly a ReLU or a maximum changes sides on the way. */
    private static final double STEP = 1e-7;

    private static final double TOLERANCE = 2e-6;

    @ParameterizedTest
    @CsvSource({
        "ALEXNET,  3,  32,  10,  1872202",
        "VGG11,    3,  32,  10,  9231114",
        "RESNET18, 3,  32,  10, 11173962",
        // One channel pads 28 to 32 pixels, so that only the first convolution is smaller.
        "ALEXNET,  1,  28,  10,  1865802",
        "VGG11,    1,  28,  10,  9229962",
        "RESNET18, 1,  28,  10, 11172810",
        // The classifier's inputs grow with the last map.
        "ALEXNET,  3,  64, 200,  4299272",
        "VGG11,    3,  64, 200,  9635784",
        "RESNET18, 3, 128,  10, 11250762",
        "CONVNET,  3,  32,  10,   320010"
    })
    void hasThePublishedNumberOfParameters(Architecture architecture, int channels, int side, int classes, int size) {
        Network network = architecture.network(new ImageShape(channels, side, side), classes, 128, 0);

        assertThat(network.layout().size()).isEqualTo(size);
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void gradientAgreesWithFiniteDifferencesOfTheLoss(Architecture architecture) {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Problem given = new Problem(session, architecture.network(GRAY, CLASSES, 4, 0));
            // When
            Gradients gradients = given.gradients();
            // Then
            NDArray turn = given.direction;
            assertThat(dot(gradients.theta(), turn))
                    .isCloseTo(
                            given.slope(given.theta.add(turn.mul(STEP)), given.theta.sub(turn.mul(STEP))),
                            within(TOLERANCE));
            NDArray shift = given.shift;
            assertThat(dot(gradients.images(), shift))
                    .isCloseTo(
                            given.slopeInImages(given.images.add(shift.mul(STEP)), given.images.sub(shift.mul(STEP))),
                            within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @CsvSource({"ALEXNET, 3, 16, 24", "RESNET18, 3, 16, 24", "VGG11, 3, 64, 32", "RESNET18, 1, 64, 28"})
    void takesImagesOfOtherResolutions(Architecture architecture, int channels, int height, int width) {
        Network network = architecture.network(new ImageShape(channels, height, width), CLASSES, 4, 0);
        try (TensorSession session = TensorSession.open()) {
            NDArray theta = TensorSession.place(session.manager(), start(network));
            NDArray images = session.manager().zeros(new Shape(1, channels, height, width));

            assertThat(network.logits(theta, images).getShape()).isEqualTo(new Shape(1, CLASSES));
        }
    }

    @Test
    void startsConvolutionsUniformlyAndNormsAsTheIdentity() {
        ParameterLayout layout = new ResNet18(GRAY, CLASSES).layout();
        float[] values = layout.initialise(Draws.of(1, "start", 0, 0));

        int offset = 0;
        for (Entry entry : layout.entries()) {
            int count = Math.toIntExact(entry.shape().size());
            float largest = 0;
            for (int i = offset; i < offset + count; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            double bound = 1 / Math.sqrt(entry.fanIn());
            switch (entry.start()) {
                case ONE -> assertThat(largest).isEqualTo(1);
                case ZERO -> assertThat(largest).isZero();
                case UNIFORM -> assertThat((double) largest).as(entry.name()).isBetween(bound / 10, bound * 1.0001);
            }
            offset += count;
        }
    }

    @Test
    void resNetHasNoBiasButTheClassifiers() {
        assertThat(new ResNet18(GRAY, CLASSES).layout().entries())
                .filteredOn(entry -> entry.name().endsWith(".bias") && entry.start() == Start.UNIFORM)
                .extracting(Entry::name)
                .containsExactly("classifier.bias");
    }

    @Test
    void listsTheShortcutAfterTheConvolutionsOfItsBlock() {
        assertThat(new ResNet18(GRAY, CLASSES).layout().entries())
                .extracting(Entry::name)
                .containsSubsequence(
                        "stem.weight",
                        "stem.norm.weight",
                        "block2.conv1.weight",
                        "block2.norm1.bias",
                        "block2.conv2.weight",
                        "block2.norm2.bias",
                        "block2.shortcut.weight",
                        "block2.shortcut.norm.bias",
                        "classifier.weight",
                        "classifier.bias")
                .doesNotContain("block0.shortcut.weight", "block3.shortcut.weight");
    }

    @ParameterizedTest
    @CsvSource({"ALEXNET, 7", "VGG11, 16", "VGG11, 28", "RESNET18, 8"})
    void refusesImagesThatAreTooSmall(Architecture architecture, int side) {
        assertThatThrownBy(() -> architecture.network(new ImageShape(3, side, side), CLASSES, 4, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(architecture.title())
                .hasMessageContaining("3," + side + "," + side);
    }

    @Test
    void isFoundByItsNameInAnyCase() {
        assertThat(Architecture.named(" ResNet18")).isEqualTo(Architecture.RESNET18);
        assertThatThrownBy(() -> Architecture.named("resnet50"))
                .hasMessage("there is no network 'resnet50'; there are convnet, alexnet, vgg11, resnet18");
    }

    private static float[] start(Network network) {
        return network.layout().initialise(Draws.of(5, "start", 0, 0));
    }

    private static double dot(NDArray a, NDArray b) {
        return a.mul(b).sum().getDouble();
    }

    private record Gradients(NDArray theta, NDArray images) {}

    /** A network with parameters, images and a direction for each, in float64. */
    private static final class Problem {
        private final TensorSession session;
        private final Network network;
        private final NDArray theta;
        private final NDArray direction;
        private final NDArray images;
        private final NDArray shift;
        private final NDArray labels;

        Problem(TensorSession session, Network network) {
            NDManager manager = session.manager();
            this.session = session;
            this.network = network;
            this.theta = wide(TensorSession.place(manager, start(network)));
            this.direction =
                    wide(TensorSession.place(manager, network.layout().initialise(Draws.of(6, "direction", 0, 0))));
            this.images = values(manager, "images");
            this.shift = values(manager, "shift");
            this.labels = wide(TensorSession.oneHot(manager, new int[] {0, 2}, CLASSES));
        }

        Gradients gradients() {
            if (network instanceof ConvNet convNet) {
                return new Gradients(
                        convNet.gradient(theta, images, labels).parameters(),
                        convNet.imageGradient(theta, images, labels));
            }
            NDArray parameters = TensorSession.leaf(theta);
            NDArray pixels = TensorSession.leaf(images);
            session.backward(loss(parameters, pixels));
            return new Gradients(parameters.getGradient(), pixels.getGradient());
        }

        NDArray loss(NDArray parameters, NDArray pixels) {
            return Loss.crossEntropy(network.logits(parameters, pixels), labels);
        }

        double slope(NDArray after, NDArray before) {
            return (loss(after, images).getDouble() - loss(before, images).getDouble()) / (2 * STEP);
        }

        double slopeInImages(NDArray after, NDArray before) {
            return (loss(theta, after).getDouble() - loss(theta, before).getDouble()) / (2 * STEP);
        }

        private static NDArray values(NDManager manager, String purpose) {
            Draws draws = Draws.of(7, purpose, 0, 0);
            float[] values = new float[IMAGES * GRAY.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = 2 * draws.uniform() - 1;
            }
            Shape shape = new Shape(IMAGES, GRAY.channels(), GRAY.height(), GRAY.width());
            return wide(TensorSession.place(manager, values, shape));
        }

        private static NDArray wide(NDArray array) {
            return array.toType(DataType.FLOAT64, false);
        }
    }
}
