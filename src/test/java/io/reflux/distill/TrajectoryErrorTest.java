package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrajectoryErrorTest {
    private static final double RATE = 0.3;

    @TempDir
    private Path directory;

    @Test
    void isNothingWhereTheExpertGoesExactlyAsTheStudentDoes() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session);
            List<NDArray> milestones = new ArrayList<>(List.of(given.start));
            for (int t = 0; t < 3; t++) {
                milestones.add(given.student(milestones.get(t), t));
            }
            // When
            List<TrajectoryError.Segment> segments = given.along(milestones);
            // Then
            assertThat(segments).hasSize(3).allSatisfy(segment -> {
                assertThat(segment.matching()).isZero();
                assertThat(segment.accumulated()).isZero();
                assertThat(segment.carried()).isZero();
                assertThat(segment.initialisation()).isZero();
            });
        }
    }

    @Test
    void ofOneSegmentIsTheMatchingError() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session);
            NDArray target = given.start.add(given.offset);
            // When
            List<TrajectoryError.Segment> segments = given.along(List.of(given.start, target));
            // Then
            double expected = norm(given.student(given.start, 0).sub(target)) / norm(given.offset);
            assertThat(segments).singleElement().satisfies(segment -> {
                assertThat(segment.matching()).isCloseTo(expected, within(1e-12));
                assertThat(segment.accumulated()).isEqualTo(segment.matching());
                assertThat(segment.carried()).isZero();
                assertThat(segment.initialisation()).isZero();
            });
        }
    }

    @Test
    void ofTwoSegmentsTakesTheStudentsOwnWeightsToTheSecond() {
        try (TensorSession session = TensorSession.open()) {
            // Given
            Fixture given = new Fixture(session);
            NDArray middle = given.start.add(given.offset);
            NDArray target = middle.sub(given.offset.mul(0.5)).add(0.001);
            // When
            TrajectoryError.Segment second =
                    given.along(List.of(given.start, middle, target)).get(1);
            // Then
            NDArray own = given.student(given.start, 0);
            NDArray accumulated = given.student(own, 1).sub(target);
            NDArray matching = given.student(middle, 1).sub(target);
            NDArray error = own.sub(middle);
            double length = norm(middle.sub(target));
            assertThat(second.matching()).isCloseTo(norm(matching) / length, within(1e-12));
            assertThat(second.accumulated()).isCloseTo(norm(accumulated) / length, within(1e-12));
            assertThat(second.carried()).isCloseTo(norm(accumulated.sub(matching)) / length, within(1e-12));
            assertThat(second.initialisation())
                    .isCloseTo(norm(accumulated.sub(matching).sub(error)) / length, within(1e-12));
            assertThat(second.carried()).isPositive();
        }
    }

    @Test
    void studyFollowsFlatAndPlainExpertsAndRepeatsBitForBit() throws IOException {
        // When
        TrajectoryErrorReport report = study("a", RunMonitor.SILENT);
        // Then
        assertThat(report.flat())
                .extracting(TrajectoryErrorReport.Segment::from)
                .containsExactly(0, 2);
        assertThat(report.flat()).extracting(TrajectoryErrorReport.Segment::to).containsExactly(2, 4);
        assertThat(report.plain()).hasSize(2).isNotEqualTo(report.flat());
        assertThat(report.flat().get(0).carried()).isEqualTo(new Spread(0, 0));
        assertThat(report.flat().get(1).carried().mean()).isPositive();
        assertThat(report.flat().get(1).matching().deviation()).isPositive();
        assertThat(study("b", RunMonitor.SILENT)).isEqualTo(report);
    }

    @Test
    void anInterruptedStudyGoesOnWithTheExpertsItHas() throws IOException {
        // Given
        TrajectoryErrorReport uninterrupted = study("a", RunMonitor.SILENT);
        // When
        for (int stop : new int[] {1, 3, 9}) {
            assertThatThrownBy(() -> study("b", new StopAfter(stop)))
                    .isInstanceOf(DistillationCancelledException.class);
        }
        // Then
        assertThat(study("b", RunMonitor.SILENT)).isEqualTo(uninterrupted);
    }

    private TrajectoryErrorReport study(String place, RunMonitor monitor) throws IOException {
        ImageSet sample = TinyProblem.images(12, 1);
        DistillationSettings settings = SettingsProperties.apply(
                TinyProblem.settings(), Map.of("experts.epochs", "5", "matching.max-start-epoch", "1"));
        return new TrajectoryErrorStudy(settings, directory.resolve(place), new Compute("cpu", 1))
                .measure(NetworkSearchTest.set(), sample, monitor);
    }

    private static double norm(NDArray vector) {
        return Math.sqrt(vector.square().sum().getDouble());
    }

    /** Cancels after some reports. */
    private static final class StopAfter implements RunMonitor {
        private final int stop;
        private int reports;

        StopAfter(int stop) {
            this.stop = stop;
        }

        @Override
        public void report(Progress progress) {
            reports++;
        }

        @Override
        public boolean cancelled() {
            return reports > stop;
        }
    }

    /** A set and a start in float64; three steps a segment. */
    private static final class Fixture {
        private final Matching matching;
        private final TensorSession session;
        private final NDArray start;
        private final NDArray offset;
        private final NDArray images;
        private final Labels labels;

        Fixture(TensorSession session) {
            NDManager manager = session.manager();
            this.session = session;
            this.matching = new Matching(session, TinyProblem.network(), 10);
            this.start = TinyProblem.start(manager);
            this.offset = TinyProblem.values(manager, "offset", start.size()).mul(0.05);
            this.images = TinyProblem.values(manager, "images", 6, 1, 16, 16);
            this.labels = Labels.fixed(TinyProblem.labels(manager, 6));
        }

        List<TrajectoryError.Segment> along(List<NDArray> milestones) {
            return new TrajectoryError(session, matching)
                    .along(milestones, images, labels, RATE, Fixture::steps, segment -> {});
        }

        /** Where a student arrives that starts here. */
        NDArray student(NDArray from, int segment) {
            try (Matching.Sweep sweep = matching.sweep(from, start, images, labels, RATE, steps(segment))) {
                NDArray end = sweep.end().duplicate();
                end.attach(session.manager());
                return end;
            }
        }

        private static List<InnerStep> steps(int segment) {
            return TinyProblem.steps(3 * (segment + 1), 6, 4).subList(3 * segment, 3 * segment + 3);
        }
    }
}
