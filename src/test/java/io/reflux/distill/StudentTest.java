package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.HostReads;
import io.reflux.nn.ParameterLayout;
import io.reflux.nn.TensorSession;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The evaluation protocol, followed in doubles on black images: there a ConvNet's instance norms give nothing but their
 * shifts, which start at 0, so its logits are the classifier's biases. Their gradient is softmax(bias) − p, that of all
 * other parameters is 0, and what moves those is weight decay alone.
 */
class StudentTest {
    private static final int CLASSES = TinyProblem.CLASSES.size();
    private static final double RATE = 0.5;
    private static final double MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 5e-4;
    /** Every image's label, so that every batch has the same gradient. */
    private static final float[] LABEL = {0.25f, 0.125f, 0.625f};

    private final TensorSession session = TensorSession.open(new Compute("cpu", 1));
    private final ConvNet network = TinyProblem.network();

    @AfterEach
    void close() {
        session.close();
    }

    /** Published: of 1001 epochs, 0 … 501 have the full rate, and the optimiser is made anew after those. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 5, 5",
        "2, 2, 5, 5",
        "3, 3, 5, 5",
        "4, 3, 5, 5",
        "5, 4, 5, 5",
        "6, 4, 5, 5",
        "7, 5, 5, 5",
        "8, 5, 5, 5",
        // The last batch has what is left.
        "7, 5, 5, 2",
        "7, 5, 6, 2",
        "7, 5, 5, 256",
        "1001, 502, 1, 256"
    })
    void takesATenthOfTheRateAndNewMomentumAfterHalfTheEpochs(int epochs, int atFullRate, int images, int batch) {
        try (NDManager work = session.manager().newSubManager()) {
            // Given
            int steps = (images + batch - 1) / batch;
            Plain plain = new Plain(start(), network.layout());
            plain.steps(atFullRate * steps, RATE);
            plain.standStill();
            plain.steps((epochs - atFullRate) * steps, RATE / 10);
            // When
            double[] trained = HostReads.doubles(student(epochs, batch).train(work, black(work, images), draws()));
            // Then
            double[] begun = plain.start;
            for (int i = 0; i < begun.length; i++) {
                double way = plain.values[i] - begun[i];
                assertThat(trained[i] - begun[i])
                        .isCloseTo(way, within(2e-3 * Math.abs(way) + 1e-6 * Math.abs(begun[i])));
            }
        }
    }

    @Test
    void isTestedAfterItsLastEpoch() {
        Set<Double> seen = new HashSet<>();
        for (int epochs = 1; epochs <= 8; epochs++) {
            try (NDManager work = session.manager().newSubManager()) {
                // Given
                Plain plain = new Plain(start(), network.layout());
                int atFullRate = Math.min(epochs, (epochs - 1) / 2 + 2);
                plain.steps(atFullRate, RATE / 20);
                plain.standStill();
                plain.steps(epochs - atFullRate, RATE / 200);
                int[] truth = {0, 0, 0, 1, 2, 2};
                double expected =
                        Arrays.stream(truth).filter(c -> c == plain.guess()).count() / 6.0;
                TrainingImages test = new TrainingImages(
                        black(work, truth.length).images(), TensorSession.oneHot(work, truth, CLASSES));
                Student student = student(RATE / 20, epochs, 256);
                // When
                double accuracy = student.accuracy(black(work, 3), test, draws());
                // Then
                assertThat(accuracy).isEqualTo(expected);
                seen.add(accuracy);
            }
        }
        assertThat(seen).as("accuracies of different lengths of training").hasSizeGreaterThan(1);
    }

    private Student student(int epochs, int batch) {
        return student(RATE, epochs, batch);
    }

    private Student student(double rate, int epochs, int batch) {
        StudentRecipe recipe =
                new StudentRecipe(rate, MOMENTUM, WEIGHT_DECAY, epochs, batch, Set.of(), new NetworkSettings(4, 2));
        return new Student(session, network, new Augmentation(Set.of(), TinyProblem.SHAPE), recipe, () -> false);
    }

    private static Draws draws() {
        return Draws.of(5, "student", 0, 0);
    }

    private float[] start() {
        return network.layout().initialise(draws());
    }

    private static TrainingImages black(NDManager work, int images) {
        float[] labels = new float[images * CLASSES];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = LABEL[i % CLASSES];
        }
        return new TrainingImages(
                work.zeros(TrainingImages.shape(images, TinyProblem.SHAPE)),
                TensorSession.place(work, labels, new Shape(images, CLASSES)));
    }

    /** v ← m·v + g + w·θ, θ ← θ − η·v in doubles, with the gradient of black images. */
    private static final class Plain {
        private final double[] start;
        private final double[] values;
        private final double[] velocity;

        Plain(float[] start, ParameterLayout layout) {
            assertThat(start).hasSize(layout.size());
            this.start = new double[start.length];
            for (int i = 0; i < start.length; i++) {
                this.start[i] = start[i];
            }
            this.values = this.start.clone();
            this.velocity = new double[start.length];
        }

        void steps(int count, double rate) {
            for (int step = 0; step < count; step++) {
                double[] gradient = gradient();
                for (int i = 0; i < values.length; i++) {
                    velocity[i] = 0.9 * velocity[i] + gradient[i] + 0.0005 * values[i];
                    values[i] -= rate * velocity[i];
                }
            }
        }

        void standStill() {
            Arrays.fill(velocity, 0);
        }

        int guess() {
            int best = 0;
            for (int c = 1; c < CLASSES; c++) {
                best = bias(c) > bias(best) ? c : best;
            }
            return best;
        }

        private double[] gradient() {
            double sum = 0;
            for (int c = 0; c < CLASSES; c++) {
                sum += Math.exp(bias(c));
            }
            double[] gradient = new double[values.length];
            for (int c = 0; c < CLASSES; c++) {
                gradient[values.length - CLASSES + c] = Math.exp(bias(c)) / sum - LABEL[c];
            }
            return gradient;
        }

        /** The classifier's biases are the last parameters. */
        private double bias(int c) {
            return values[values.length - CLASSES + c];
        }
    }
}
