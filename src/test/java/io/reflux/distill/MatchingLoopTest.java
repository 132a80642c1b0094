package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.nn.Augmentation;
import io.reflux.nn.Compute;
import io.reflux.nn.Draws;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose every iteration is above the loss gate. */
class MatchingLoopTest {
    /** Iterations in a row that the gate may hold back; the next one counts as divergence. */
    private static final long PATIENCE = 25;

    private static final DistillationSettings SHUT = SettingsProperties.apply(
            TinyProblem.settings(),
            Map.of(
                    "matching.iterations", "200",
                    "matching.inner-steps", "1",
                    "matching.loss-gate", "1e-9",
                    "matching.restores", "2"));

    @TempDir
    private Path directory;

    @Test
    void givesUpWhenTheGateHoldsBackTooManyIterationsInARowTooOften() {
        // Given
        Reports reports = new Reports(Integer.MAX_VALUE);
        MatchingState begun = state(0.5f, 0);
        // When
        assertThatThrownBy(() -> run(new Checkpoint(begun, begun, "sample"), reports, new ArrayList<>()))
                .isInstanceOf(DistillationFailedException.class)
                .hasMessageStartingWith("matching diverged 3 times, last at iteration " + PATIENCE);
        // Then
        List<Long> expected = new ArrayList<>(List.of(0L));
        for (int tries = 0; tries < 3; tries++) {
            expected.addAll(LongStream.rangeClosed(1, PATIENCE).boxed().toList());
        }
        assertThat(reports.iterations).isEqualTo(expected);
    }

    @Test
    void goesBackToTheLastGoodStateWithHalfTheStep() {
        // Given
        MatchingState good = state(0.25f, 10);
        MatchingState current = state(0.75f, 14);
        Reports untilBack = new Reports(1 + (int) PATIENCE + 1);
        List<MatchingState> stopped = new ArrayList<>();
        // When
        assertThatThrownBy(() -> run(new Checkpoint(current, good, "sample"), untilBack, stopped))
                .isInstanceOf(DistillationCancelledException.class);
        // Then
        MatchingState at = stopped.get(0);
        assertThat(untilBack.iterations).startsWith(14L, 15L).endsWith(14 + PATIENCE, 11L);
        assertThat(at.iteration()).isEqualTo(11);
        assertThat(at.stepScale()).isEqualTo(0.5);
        assertThat(at.restores()).isEqualTo(1);
        assertThat(at.skipped()).isEqualTo(1);
        assertThat(at.images().values()).containsOnly(0.25f);
        assertThat(at.images().velocity()).containsOnly(0f);
        assertThat(at.images().average()).containsOnly(2f);
        assertThat(at.rateVelocity()).isZero();
    }

    private void run(Checkpoint begun, Reports reports, List<MatchingState> stopped) throws IOException {
        TrajectoryBuffer trajectories = new TrajectoryBuffer(directory);
        trajectories.save(expert());
        try (TensorSession session = TensorSession.open(new Compute("cpu", 1))) {
            Distiller distiller = new Distiller(
                    session,
                    new Matching(session, TinyProblem.network()),
                    new Augmentation(Set.of(), TinyProblem.SHAPE),
                    SHUT,
                    TrainingImages.shape(TinyProblem.CLASSES.size(), TinyProblem.SHAPE),
                    TinyProblem.CLASSES.size());
            new MatchingLoop(
                            distiller,
                            trajectories,
                            SHUT,
                            directory.resolve("matching.safetensors"),
                            Duration.ofDays(1),
                            reports,
                            stopped::add)
                    .run(begun, List.of(0));
        }
    }

    /** As many snapshots as the settings want, none near another. */
    private static Trajectory expert() {
        List<float[]> snapshots = new ArrayList<>();
        for (int epoch = 0; epoch <= SHUT.experts().epochs(); epoch++) {
            snapshots.add(TinyProblem.network().layout().initialise(Draws.of(5, "snapshot", epoch, 0)));
        }
        return new Trajectory(0, "sample", snapshots);
    }

    /** A state in motion whose images have one value. */
    private static MatchingState state(float value, int iteration) {
        int size = TinyProblem.CLASSES.size() * TinyProblem.SHAPE.size();
        Learned images = new Learned(filled(size, value), filled(size, 1), filled(size, 2));
        return new MatchingState(iteration, images, Learned.start(new float[0]), 0.02, 3, 1, 0, 0, 1.25);
    }

    private static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }

    /** Stops the run after so many reports. */
    private static final class Reports implements RunMonitor {
        private final List<Long> iterations = new ArrayList<>();
        private final int most;

        Reports(int most) {
            this.most = most;
        }

        @Override
        public void report(Progress progress) {
            iterations.add(progress.done());
        }

        @Override
        public boolean cancelled() {
            return iterations.size() >= most;
        }
    }
}
