package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.reflux.nn.HostReads;
import io.reflux.nn.TensorSession;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatchingTest {
    private static final double RATE = 0.3;
    private static final double STEP = 1e-6;

    @Test
    void imageGradientAgreesWithFiniteDifferencesOfTheWholeUnroll() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session, 6, 4, 6);
            NDArray direction = TinyProblem.values(session.manager(), "direction", 6, 1, 16, 16);
            // When
            double slope = dot(given.gradient(4).images(), direction);
            // Then
            double difference = (given.loss(given.images.add(direction.mul(STEP)), RATE)
                            - given.loss(given.images.sub(direction.mul(STEP)), RATE))
                    / (2 * STEP);
            assertThat(slope).isCloseTo(difference, within(1e-5 * Math.abs(difference)));
        }
    }

    @Test
    void rateGradientAgreesWithFiniteDifferencesOfTheWholeUnroll() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session, 6, 4, 6);
            // When
            double slope = given.gradient(4).rate();
            // Then
            double difference =
                    (given.loss(given.images, RATE + STEP) - given.loss(given.images, RATE - STEP)) / (2 * STEP);
            assertThat(slope).isCloseTo(difference, within(1e-5 * Math.abs(difference)));
        }
    }

    @Test
    void oneStepHasItsClosedForm() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session, 3, 3, 1);
            NDManager manager = session.manager();
            NDArray batch = given.images.get(manager.create(given.steps.get(0).batch()));
            NDArray augmented = io.reflux.nn.Augmentation.apply(
                    batch, given.steps.get(0).augmentation().orElseThrow());
            NDArray gradient = new LossGradient(session, TinyProblem.network(), 10, session.workers())
                    .at(
                            manager,
                            given.start,
                            augmented,
                            given.labels
                                    .probabilities()
                                    .get(manager.create(given.steps.get(0).batch())))
                    .gradient();
            NDArray left = given.start.sub(given.target);
            double expected = -2
                    * left.sub(gradient.mul(RATE)).mul(gradient).sum().getDouble()
                    / left.square().sum().getDouble();
            // When
            double slope = given.gradient(10).rate();
            // Then
            assertThat(slope).isCloseTo(expected, within(1e-10 * Math.abs(expected)));
        }
    }

    @Test
    void microBatchesDoNotChangeTheGradient() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session, 6, 5, 6);
            // When
            Matching.HyperGradient parts = given.gradient(2);
            // Then
            Matching.HyperGradient whole = given.gradient(5);
            assertThat(RelativeError.of(parts.images(), whole.images())).isLessThan(1e-6);
            assertThat(parts.rate()).isCloseTo(whole.rate(), within(1e-9 * Math.abs(whole.rate())));
        }
    }

    @Test
    void replaysBitForBit() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session, 6, 4, 6);
            // When
            Matching.HyperGradient again = given.gradient(4);
            // Then
            assertThat(again.images()).containsExactly(given.gradient(4).images());
        }
    }

    private static double dot(float[] gradient, NDArray direction) {
        double[] values = direction.toDoubleArray();
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += gradient[i] * values[i];
        }
        return sum;
    }

    /** One unroll in float64. */
    private static final class Fixture {
        private final TensorSession session;
        private final NDArray start;
        private final NDArray target;
        private final NDArray images;
        private final Labels labels;
        private final List<InnerStep> steps;

        Fixture(TensorSession session, int count, int batch, int steps) {
            NDManager manager = session.manager();
            this.session = session;
            this.start = TinyProblem.start(manager);
            this.target = start.add(
                    TinyProblem.values(manager, "target", start.size()).mul(0.05));
            this.images = TinyProblem.values(manager, "images", count, 1, 16, 16);
            this.labels = Labels.fixed(TinyProblem.labels(manager, count));
            this.steps = TinyProblem.steps(steps, count, batch);
        }

        double loss(NDArray shifted, double rate) {
            Matching matching = new Matching(session, TinyProblem.network(), 10);
            try (Matching.Sweep sweep = matching.sweep(start, target, shifted, labels, rate, steps)) {
                return HostReads.scalar(sweep.loss());
            }
        }

        Matching.HyperGradient gradient(int microBatch) {
            Matching matching = new Matching(session, TinyProblem.network(), microBatch);
            try (Matching.Sweep sweep = matching.sweep(start, target, images, labels, RATE, steps)) {
                return matching.adjoint(sweep, images, labels, RATE);
            }
        }
    }
}
