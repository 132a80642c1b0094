package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import io.reflux.image.ImageShape;
import io.reflux.nn.Architecture;
import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationDraw;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Network;
import io.reflux.nn.Scalars;
import io.reflux.nn.TensorSession;
import io.reflux.nn.Whitening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every file of a directory of float64 reference outputs, named by {@code -Dreflux.vectors}, is reproduced. */
class ReferenceVectorsTest {
    private static final double VALUES = 1e-5;
    private static final double MOVEMENTS = 1e-4;

    @TestFactory
    Stream<DynamicTest> reproducesEveryReferenceFile() throws IOException {
        Path directory = Path.of(System.getProperty("reflux.vectors", "../shared/vectors"));
        if (!Files.isDirectory(directory)) {
            return Stream.of(DynamicTest.dynamicTest(
                    "reference vectors",
                    () -> assumeTrue(false, "no reference vectors: -Dreflux.vectors names no folder: " + directory)));
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
            return found.stream()
                    .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(file)));
        }
    }

    private static void check(Path path) throws IOException {
        String name = String.valueOf(path.getFileName());
        VectorFile file = new VectorFile(Safetensors.read(path));
        try (TensorSession session = TensorSession.open()) {
            if (name.startsWith("convnet_")) {
                convNet(session, file);
            } else if (name.startsWith("gsam_")) {
                gsam(session, file);
            } else if (name.startsWith("augment_")) {
                augmentation(session, file);
            } else if (name.startsWith("unroll_")) {
                unroll(session, file);
            } else if (name.startsWith("zca")) {
                whitening(session, file);
            } else if (name.startsWith("net_")) {
                evaluationNetwork(session, file, architecture(name));
            } else {
                fail("no check for reference file " + name);
            }
        }
    }

    private static void convNet(TensorSession session, VectorFile file) throws FormatException {
        ConvNet network = file.network();
        NDManager manager = session.manager();
        NDArray images = file.array(manager, "x");
        NDArray theta = file.array(manager, "theta");
        NDArray labels = TensorSession.oneHot(manager, file.integers("y"), network.classes());
        assertThat(network.layout().size()).isEqualTo(file.number("parameters"));

        LossGradient.Value value =
                new LossGradient(session, network, 100, session.workers()).at(manager, theta, images, labels);
        NDArray imageGradient = Scalars.over(
                network.imageGradient(theta, images, labels), images.getShape().get(0));

        near(network.logits(theta, images), file.floats("logits"), VALUES);
        near(value.loss(), file.floats("loss"), VALUES);
        near(value.gradient(), file.floats("grad_theta"), VALUES);
        near(imageGradient, file.floats("grad_x"), VALUES);
        microBatches(session, file, network, labels);
    }

    private static void microBatches(TensorSession session, VectorFile file, ConvNet network, NDArray labels)
            throws FormatException {
        NDManager manager = session.manager();
        LossGradient.Value value = new LossGradient(session, network, 4, session.workers())
                .at(manager, file.array(manager, "theta"), file.array(manager, "x"), labels);
        near(value.gradient(), file.floats("grad_theta"), VALUES);
        near(value.loss(), file.floats("loss"), VALUES);
    }

    private static void gsam(TensorSession session, VectorFile file) throws FormatException {
        NDManager manager = session.manager();
        ExpertStep step = new ExpertStep(
                new LossGradient(session, file.network(), 5, session.workers()),
                file.decimal("lr"),
                file.decimal("rho"),
                file.decimal("alpha"),
                file.flag("adaptive"));
        NDArray images = file.array(manager, "x");
        NDArray labels = TensorSession.oneHot(manager, file.integers("y"), file.number("classes"));
        float[] start = file.floats("theta0");
        NDArray theta = file.array(manager, "theta0");
        for (int i = 1; i <= 3; i++) {
            theta = step.apply(manager, theta, images, labels).theta();
            double error = RelativeError.ofMovement(theta.toFloatArray(), file.floats("theta" + i), start);
            assertThat(error).as("movement after step " + i).isLessThan(MOVEMENTS);
        }
    }

    private static void augmentation(TensorSession session, VectorFile file) throws FormatException {
        NDManager manager = session.manager();
        AugmentationDraw draw = file.draw(VectorFile.family(file.content().meta("op")), "");
        NDArray images = TensorSession.leaf(file.array(manager, "x"));

        NDArray output = Augmentation.apply(images, draw);
        session.backward(output.mul(file.array(manager, "cotangent")).sum());

        near(output, file.floats("output"), VALUES);
        near(images.getGradient(), file.floats("grad_x"), VALUES);
    }

    private static void unroll(TensorSession session, VectorFile file) throws FormatException {
        for (int microBatch : new int[] {100, 3}) {
            unroll(session, file, microBatch);
        }
    }

    private static void unroll(TensorSession session, VectorFile file, int microBatch) throws FormatException {
        NDManager manager = session.manager();
        ConvNet network = file.network();
        Matching matching = new Matching(session, network, microBatch);
        NDArray images = file.array(manager, "images");
        Labels labels = labels(manager, file, network.classes());
        double rate = file.decimal("lr");
        try (Matching.Sweep sweep = matching.sweep(
                file.array(manager, "theta_start"),
                file.array(manager, "theta_target"),
                images,
                labels,
                rate,
                file.steps())) {
            Matching.HyperGradient gradient = matching.adjoint(sweep, images, labels, rate);
            near(sweep.end(), file.floats("theta_end"), VALUES);
            assertThat(RelativeError.of(new float[] {(float) gradient.loss()}, file.floats("loss")))
                    .isLessThan(VALUES);
            assertThat(RelativeError.of(gradient.images(), file.floats("grad_images")))
                    .as("grad_images")
                    .isLessThan(MOVEMENTS);
            assertThat(RelativeError.of(new float[] {(float) gradient.rate()}, file.floats("grad_lr")))
                    .as("grad_lr")
                    .isLessThan(MOVEMENTS);
            if (labels.learned()) {
                assertThat(RelativeError.of(gradient.labels(), file.floats("grad_label_logits")))
                        .as("grad_label_logits")
                        .isLessThan(MOVEMENTS);
            }
        }
    }

    private static Labels labels(NDManager manager, VectorFile file, int classes) throws FormatException {
        return file.flag("soft_labels")
                ? Labels.learned(file.array(manager, "label_logits"))
                : Labels.fixed(TensorSession.oneHot(manager, file.integers("labels"), classes));
    }

    private static void whitening(TensorSession session, VectorFile file) throws FormatException {
        Tensor x = file.content().tensor("x");
        int[] shape = x.shape();
        int values = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
        NDArray images = session.manager().create(x.floats(), new Shape(shape[0], values));

        Whitening whitening =
                Whitening.fit(images, Float.parseFloat(file.content().meta("eps")));

        near(whitening.mean(), file.floats("mean"), VALUES);
        near(whitening.transform(), file.floats("transform"), VALUES);
        near(whitening.apply(images), file.floats("whitened"), VALUES);
        near(whitening.invert(whitening.apply(images)), x.floats(), VALUES);
    }

    private static void evaluationNetwork(TensorSession session, VectorFile file, Architecture architecture)
            throws FormatException {
        ImageShape shape = new ImageShape(file.number("channels"), file.number("height"), file.number("height"));
        Network network = architecture.network(shape, file.number("classes"), 128, 0);
        assertThat(network.layout().size()).isEqualTo(file.number("parameters"));
        float[] logits = file.floats("logits");
        int images = logits.length / network.classes();
        NDManager manager = session.manager();

        NDArray actual = network.logits(
                TensorSession.place(manager, GeneratedValues.parameters(network.layout(), file.decimal("amp"))),
                TensorSession.place(
                        manager, GeneratedValues.input(images * shape.size()), TrainingImages.shape(images, shape)));

        near(actual, logits, VALUES);
    }

    /** The architecture that a file such as {@code net_vgg11_c1_28px.safetensors} is named after. */
    private static Architecture architecture(String file) {
        return Architecture.named(file.substring("net_".length()).split("[_.]", 2)[0]);
    }

    private static void near(NDArray actual, float[] expected, double bar) {
        assertThat(RelativeError.of(actual.toFloatArray(), expected)).isLessThan(bar);
    }
}
