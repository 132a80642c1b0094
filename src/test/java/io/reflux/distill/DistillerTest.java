package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.Compute;
import io.reflux.nn.Draws;
import io.reflux.nn.HostReads;
import io.reflux.nn.TensorSession;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The steps of the outer loop and its loss gate, against plain arithmetic on the gradients of {@link Matching}. */
class DistillerTest {
    private static final int IMAGES = TinyProblem.CLASSES.size();
    private static final Shape SHAPE = TrainingImages.shape(IMAGES, TinyProblem.SHAPE);
    private static final double IMAGE_RATE = 0.4;
    private static final double LABEL_RATE = 1;
    private static final double RATE_RATE = 0.01;
    private static final double MOMENTUM = 0.5;
    private static final double LABEL_MOMENTUM = 0.9;
    private static final double DECAY = 0.8;
    private static final double FIRST_RATE = 0.3;
    /** All images in every inner step and no augmentation, so that their draws do not matter. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("matching.inner-steps", "2"),
            Map.entry("matching.batch", "0"),
            Map.entry("matching.image-learning-rate", Double.toString(IMAGE_RATE)),
            Map.entry("matching.label-learning-rate", Double.toString(LABEL_RATE)),
            Map.entry("matching.rate-learning-rate", Double.toString(RATE_RATE)),
            Map.entry("matching.momentum", Double.toString(MOMENTUM)),
            Map.entry("matching.label-momentum", Double.toString(LABEL_MOMENTUM)),
            Map.entry("matching.average-decay", Double.toString(DECAY)),
            Map.entry("matching.initial-rate", Double.toString(FIRST_RATE)),
            Map.entry("matching.loss-gate", "1.5"));

    private final TensorSession session = TensorSession.open(new Compute("cpu", 1));
    private final float[] from = TinyProblem.network().layout().initialise(Draws.of(3, "start", 0, 0));

    @AfterEach
    void close() {
        session.close();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.25})
    void stepsImagesLabelsAndRateWithTheirMomenta(double stepScale) {
        // Given
        Distiller distiller = distiller(gate(Double.MAX_VALUE));
        MatchingState state = scaled(begin(), stepScale);
        float[] to = away(state);
        PlainDescent images = new PlainDescent(state.images().values(), IMAGE_RATE * stepScale, MOMENTUM, DECAY);
        PlainDescent labels = new PlainDescent(state.labels().values(), LABEL_RATE * stepScale, LABEL_MOMENTUM, DECAY);
        PlainDescent rate = new PlainDescent(new float[] {(float) FIRST_RATE}, RATE_RATE * stepScale, MOMENTUM, DECAY);
        for (int i = 0; i < 3; i++) {
            Matching.HyperGradient gradient = gradient(state, to);
            images.step(gradient.images());
            labels.step(gradient.labels());
            rate.step(new float[] {(float) gradient.rate()});
            // When
            Distiller.Outcome outcome = distiller.iterate(state, from, to);
            // Then
            state = outcome.state();
            assertThat(outcome.diverged()).isFalse();
            assertThat(state.iteration()).isEqualTo(i + 1);
            images.assertAgrees(state.images());
            labels.assertAgrees(state.labels());
            rate.assertAgrees(new Learned(
                    new float[] {(float) state.rate()}, new float[] {(float) state.rateVelocity()}, rate.averages()));
        }
    }

    @Test
    void remembersTheLossOfRecentIterations() {
        // Given
        Distiller distiller = distiller(Map.of());
        float[] to = away(begin());
        // When
        Distiller.Outcome first = distiller.iterate(begin(), from, to);
        Distiller.Outcome second = distiller.iterate(first.state(), from, to);
        // Then
        assertThat(first.state().recentLoss()).isEqualTo(first.loss());
        assertThat(second.state().recentLoss())
                .isCloseTo(first.loss() + (second.loss() - first.loss()) / 20, within(1e-9));
        assertThat(second.loss()).isNotEqualTo(first.loss());
    }

    @Test
    void keepsTheRateAtAThousandthOfItsStart() {
        // Given
        MatchingState falling = falling(begin(), 1e6);
        // When
        Distiller.Outcome outcome = distiller(Map.of()).iterate(falling, from, away(begin()));
        // Then
        assertThat(outcome.state().rate()).isCloseTo(FIRST_RATE / 1000, within(1e-12));
        assertThat(outcome.diverged()).isFalse();
    }

    @Test
    void letsTheRateFallAsLongAsItIsAboveItsFloor() {
        // Given
        double velocity = 0.299 / (RATE_RATE * MOMENTUM);
        MatchingState falling = falling(begin(), velocity);
        float[] to = away(begin());
        double expected = FIRST_RATE
                - RATE_RATE * (MOMENTUM * velocity + gradient(falling, to).rate());
        // When
        double rate = distiller(Map.of()).iterate(falling, from, to).state().rate();
        // Then
        assertThat(expected).isBetween(FIRST_RATE / 1000, FIRST_RATE / 10);
        assertThat(rate).isCloseTo(expected, within(1e-7));
    }

    @Test
    void withoutItsGuardTheRateMayFallBelowZero() {
        // Given
        MatchingState falling = falling(begin(), 1e6);
        Distiller unguarded = distiller(Map.of("matching.positive-learning-rate", "false"));
        // When
        Distiller.Outcome outcome = unguarded.iterate(falling, from, away(begin()));
        // Then
        assertThat(outcome.state().rate()).isCloseTo(-1e6 * RATE_RATE * MOMENTUM, within(1.0));
        assertThat(outcome.diverged()).isFalse();
    }

    @Test
    void aRateThatIsNoNumberIsDivergenceInSpiteOfItsFloor() {
        // When
        Distiller.Outcome outcome = distiller(Map.of()).iterate(falling(begin(), Double.NaN), from, away(begin()));
        // Then
        assertThat(outcome.diverged()).isTrue();
    }

    @Test
    void aLossThatIsNoNumberIsDivergenceAndChangesNothing() {
        // Given
        float[] to = away(begin());
        to[0] = Float.NaN;
        MatchingState state = begin();
        // When
        Distiller.Outcome outcome = distiller(Map.of()).iterate(state, from, to);
        // Then
        assertThat(outcome.diverged()).isTrue();
        assertThat(outcome.state()).isSameAs(state);
    }

    @Test
    void aMirroredTargetHasFourTimesTheDistance() {
        // Given
        MatchingState state = begin();
        // When
        double loss = distiller(Map.of()).iterate(state, from, mirrored(state)).loss();
        // Then
        assertThat(loss).isCloseTo(4, within(1e-3));
    }

    @Test
    void anIterationAboveTheLossGateChangesNothingThatIsLearned() {
        // Given
        Distiller distiller = distiller(Map.of());
        MatchingState state = begin();
        for (int i = 0; i < 2; i++) {
            state = distiller.iterate(state, from, away(begin())).state();
        }
        double[] before = everything(state);
        // When
        Distiller.Outcome outcome = distiller.iterate(state, from, mirrored(state));
        // Then
        assertThat(outcome.diverged()).isFalse();
        assertThat(outcome.loss()).isGreaterThan(1.5);
        assertThat(everything(outcome.state())).containsExactly(before);
        assertThat(outcome.state().iteration()).isEqualTo(3);
        assertThat(outcome.state().skipped()).isEqualTo(1);
    }

    @Test
    void goesOnAfterTheGateWithTheSpeedItHadBefore() {
        // Given
        Distiller distiller = distiller(Map.of());
        float[] to = away(begin());
        MatchingState state = distiller.iterate(begin(), from, to).state();
        Matching.HyperGradient gradient = gradient(state, to);
        PlainDescent images = new PlainDescent(state.images(), IMAGE_RATE, MOMENTUM, DECAY);
        PlainDescent labels = new PlainDescent(state.labels(), LABEL_RATE, LABEL_MOMENTUM, DECAY);
        images.step(gradient.images());
        labels.step(gradient.labels());
        MatchingState held = distiller.iterate(state, from, mirrored(state)).state();
        // When
        MatchingState next = distiller.iterate(held, from, to).state();
        // Then
        images.assertAgrees(next.images());
        labels.assertAgrees(next.labels());
        assertThat(next.rateVelocity()).isCloseTo(MOMENTUM * state.rateVelocity() + gradient.rate(), within(1e-4));
        assertThat(next.iteration()).isEqualTo(3);
        assertThat(next.skipped()).isZero();
    }

    @Test
    void aLossAtTheGatePassesAndTheNextSmallerGateHoldsIt() {
        // Given
        float[] to = away(begin());
        double loss = distiller(Map.of()).iterate(begin(), from, to).loss();
        // When
        Distiller.Outcome at = distiller(gate(loss)).iterate(begin(), from, to);
        Distiller.Outcome above = distiller(gate(Math.nextDown(loss))).iterate(begin(), from, to);
        // Then
        assertThat(at.state().skipped()).isZero();
        assertThat(at.state().images().values()).isNotEqualTo(begin().images().values());
        assertThat(above.state().skipped()).isEqualTo(1);
        assertThat(above.state().images().values()).isEqualTo(begin().images().values());
    }

    private Distiller distiller(Map<String, String> more) {
        DistillationSettings settings = SettingsProperties.apply(
                SettingsProperties.apply(TinyProblem.settings(), SETTINGS).withAugmentation(Set.of()), more);
        return new Distiller(
                session,
                new Matching(session, TinyProblem.network()),
                new Augmentation(Set.of(), TinyProblem.SHAPE),
                settings,
                SHAPE,
                TinyProblem.CLASSES.size());
    }

    private static Map<String, String> gate(double loss) {
        return Map.of("matching.loss-gate", Double.toString(loss));
    }

    private MatchingState begin() {
        try (NDManager work = session.manager().newSubManager()) {
            return MatchingState.start(
                    singles(TinyProblem.values(work, "images", SHAPE.getShape())),
                    singles(TinyProblem.values(work, "logits", IMAGES, TinyProblem.CLASSES.size())),
                    FIRST_RATE);
        }
    }

    private static float[] singles(NDArray values) {
        double[] exact = values.toDoubleArray();
        float[] singles = new float[exact.length];
        for (int i = 0; i < exact.length; i++) {
            singles[i] = (float) exact[i];
        }
        return singles;
    }

    private static MatchingState scaled(MatchingState state, double stepScale) {
        return with(state, 0, stepScale);
    }

    private static MatchingState falling(MatchingState state, double rateVelocity) {
        return with(state, rateVelocity, 1);
    }

    private static MatchingState with(MatchingState state, double rateVelocity, double stepScale) {
        return new MatchingState(
                state.iteration(),
                state.images(),
                state.labels(),
                state.rate(),
                rateVelocity,
                stepScale,
                state.restores(),
                state.skipped(),
                state.recentLoss());
    }

    /** Twice as far as the student comes by itself, so that the loss is a quarter. */
    private float[] away(MatchingState state) {
        return along(state, 2);
    }

    /** As far in the opposite direction, so that the loss is four. */
    private float[] mirrored(MatchingState state) {
        return along(state, -1);
    }

    private float[] along(MatchingState state, double times) {
        try (NDManager work = session.manager().newSubManager();
                Matching.Sweep sweep = sweep(work, state, from.clone())) {
            double[] end = HostReads.doubles(sweep.end());
            float[] target = new float[end.length];
            for (int i = 0; i < end.length; i++) {
                target[i] = (float) (from[i] + times * (end[i] - from[i]));
            }
            return target;
        }
    }

    private Matching.HyperGradient gradient(MatchingState state, float[] to) {
        try (NDManager work = session.manager().newSubManager();
                Matching.Sweep sweep = sweep(work, state, to)) {
            return new Matching(session, TinyProblem.network())
                    .adjoint(sweep, images(work, state), labels(work, state), state.rate());
        }
    }

    private Matching.Sweep sweep(NDManager work, MatchingState state, float[] to) {
        List<InnerStep> steps = Collections.nCopies(2, new InnerStep(new int[] {0, 1, 2}, Optional.empty()));
        return new Matching(session, TinyProblem.network())
                .sweep(
                        TensorSession.place(work, from),
                        TensorSession.place(work, to),
                        images(work, state),
                        labels(work, state),
                        state.rate(),
                        steps);
    }

    private static NDArray images(NDManager work, MatchingState state) {
        return TensorSession.place(work, state.images().values(), SHAPE);
    }

    private static Labels labels(NDManager work, MatchingState state) {
        return Labels.learned(
                TensorSession.place(work, state.labels().values(), new Shape(IMAGES, TinyProblem.CLASSES.size())));
    }

    /** X, Y, their velocities and averages, β and its velocity, the scale of the step and the recent loss. */
    private static double[] everything(MatchingState state) {
        List<float[]> arrays = List.of(
                state.images().values(),
                state.images().velocity(),
                state.images().average(),
                state.labels().values(),
                state.labels().velocity(),
                state.labels().average());
        DoubleStream.Builder all = DoubleStream.builder();
        for (float[] array : arrays) {
            for (float value : array) {
                all.add(value);
            }
        }
        all.add(state.rate()).add(state.rateVelocity()).add(state.stepScale()).add(state.recentLoss());
        return all.build().toArray();
    }
}
