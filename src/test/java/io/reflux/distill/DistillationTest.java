package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.image.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillationTest {
    private static final ImageSet SAMPLE = TinyProblem.images(20, 1);
    private static final ImageSet HELD_OUT = TinyProblem.images(10, 2);

    private static final DistillationSettings SOFT = SettingsProperties.apply(
            TinyProblem.settings().withImagesPerClass(2).withStart(StartImages.CORRECT),
            Map.of("matching.label-learning-rate", "2"));

    @TempDir
    private Path directory;

    @Test
    void yieldsAFiniteEvaluatedSetOfTheRightSize() throws IOException {
        // When
        DistillationResult result = run("a", TinyProblem.settings(), RunMonitor.SILENT);
        // Then
        assertThat(result.set().size()).isEqualTo(3);
        for (float value : result.set().images()) {
            assertThat(Float.isFinite(value)).isTrue();
        }
        assertThat(result.set().recipe().momentum()).isEqualTo(0.9);
        assertThat(result.set().recipe().weightDecay()).isEqualTo(5e-4);
        assertThat(result.report().distilled().students()).isEqualTo(2);
        assertThat(result.report().sample().mean()).isBetween(0.0, 1.0);
        assertThat(result.durations()).containsOnlyKeys(Stage.EXPERTS, Stage.MATCHING, Stage.EVALUATION);
    }

    @Test
    void sameSeedAndSampleGiveTheSameSet() throws IOException {
        // Given
        DistilledSet first = run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        // When
        DistilledSet second =
                run("b", TinyProblem.settings(), RunMonitor.SILENT).set();
        // Then
        assertThat(second.images()).containsExactly(first.images());
        assertThat(second.recipe()).isEqualTo(first.recipe());
    }

    @Test
    void anInterruptedRunEndsBitForBitLikeAnUninterruptedOne() throws IOException {
        // Given
        DistilledSet uninterrupted =
                run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        // When
        for (long stop : new long[] {2, 4, 7, 13, 22}) {
            assertThatThrownBy(() -> run("b", TinyProblem.settings(), new StopAfter(stop)))
                    .isInstanceOf(DistillationCancelledException.class);
        }
        DistilledSet resumed =
                run("b", TinyProblem.settings(), RunMonitor.SILENT).set();
        // Then
        assertThat(resumed.images()).containsExactly(uninterrupted.images());
        assertThat(resumed.recipe()).isEqualTo(uninterrupted.recipe());
    }

    @Test
    void learnedLabelsAreProbabilitiesThatSayMoreThanAClass() throws IOException {
        // When
        DistilledSet set = run("a", SOFT, RunMonitor.SILENT).set();
        // Then
        for (int i = 0; i < set.size(); i++) {
            float[] row = Arrays.copyOfRange(set.labels(), 3 * i, 3 * i + 3);
            assertThat(row[0] + row[1] + row[2]).isCloseTo(1, within(1e-6f));
            assertThat(row[0]).isStrictlyBetween(0f, 1f);
            assertThat(set.classOf(i)).isEqualTo(i / 2);
        }
    }

    @Test
    void learningTheLabelsTooMatchesTheExpertsBetter() throws IOException {
        // Given
        DistillationSettings still = SettingsProperties.apply(SOFT, Map.of("matching.label-learning-rate", "1e-9"));
        double withStartingLabels = run("a", still, RunMonitor.SILENT).loss();
        // When
        double withLearnedLabels = run("a", SOFT, RunMonitor.SILENT).loss();
        // Then
        assertThat(withLearnedLabels).isLessThan(withStartingLabels);
    }

    @Test
    void anInterruptedRunWithLearnedLabelsEndsBitForBitLikeAnUninterruptedOne() throws IOException {
        // Given
        DistilledSet uninterrupted = run("a", SOFT, RunMonitor.SILENT).set();
        // When
        for (long stop : new long[] {3, 7, 13, 22}) {
            assertThatThrownBy(() -> run("b", SOFT, new StopAfter(stop)))
                    .isInstanceOf(DistillationCancelledException.class);
        }
        DistilledSet resumed = run("b", SOFT, RunMonitor.SILENT).set();
        // Then
        assertThat(resumed.images()).containsExactly(uninterrupted.images());
        assertThat(resumed.labels()).containsExactly(uninterrupted.labels());
        assertThat(resumed.recipe()).isEqualTo(uninterrupted.recipe());
    }

    @Test
    void anExpertStopsWithinAnEpochAndGoesOnFromTheEpochBefore() throws IOException {
        // Given
        DistilledSet uninterrupted = run("a", SOFT, RunMonitor.SILENT).set();
        StopAfterQuestions inSecondEpoch = new StopAfterQuestions(12);
        // When
        assertThatThrownBy(() -> run("b", SOFT, inSecondEpoch))
                .isInstanceOf(DistillationCancelledException.class)
                .hasMessageStartingWith("stopped after epoch 1 of expert 0");
        DistilledSet resumed = run("b", SOFT, RunMonitor.SILENT).set();
        // Then
        assertThat(inSecondEpoch.epochs).isEqualTo(1);
        assertThat(resumed.images()).containsExactly(uninterrupted.images());
    }

    @Test
    void withoutAnAverageTheLastLabelsArePublished() throws IOException {
        // Given
        DistilledSet averaged = run("a", SOFT, RunMonitor.SILENT).set();
        // When
        DistilledSet last = run(
                        "a", SettingsProperties.apply(SOFT, Map.of("matching.average-decay", "0")), RunMonitor.SILENT)
                .set();
        // Then
        assertThat(last.labels()).isNotEqualTo(averaged.labels());
        assertThat(last.recipe().learningRate()).isEqualTo(averaged.recipe().learningRate());
    }

    @Test
    void labelsThatAreNotFiniteGoBackToTheLastGoodState() {
        // Given
        DistillationSettings wild = SettingsProperties.apply(
                SOFT,
                Map.of(
                        "matching.label-learning-rate",
                        "1e60",
                        "matching.loss-gate",
                        "Infinity",
                        "matching.restores",
                        "1"));
        // When / Then
        assertThatThrownBy(() -> run("a", wild, RunMonitor.SILENT))
                .isInstanceOf(DistillationFailedException.class)
                .hasMessageContaining("matching diverged 2 times")
                .hasMessageContaining("reflux.distillation.matching.label-learning-rate");
    }

    @Test
    void aRoundGoesOnFromTheSoftLabelsOfTheLastSet() throws IOException {
        // Given
        DistilledSet former = run("a", SOFT, RunMonitor.SILENT).set();
        DistillationSettings still = SettingsProperties.apply(
                SOFT, Map.of("matching.label-learning-rate", "1e-12", "matching.image-learning-rate", "1e-12"));
        // When
        DistilledSet next = new Distillation(still, directory.resolve("a"))
                .run(SAMPLE, HELD_OUT, former, RunMonitor.SILENT)
                .set();
        // Then
        assertThat(next.labels()).containsExactly(former.labels(), within(1e-5f));
        assertThat(next.members()).containsExactly(0, 0, 1, 1, 2, 2);
    }

    @Test
    void aCheckpointOfAnotherVersionIsNotUsed() throws IOException {
        // Given
        DistilledSet before =
                run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        Path file = files("matching-").get(0);
        Safetensors written = Safetensors.read(file);
        Map<String, String> metadata = new HashMap<>(written.metadata());
        metadata.put("format", "reflux-checkpoint/1");
        new Safetensors(written.tensors(), metadata).write(file);
        // When
        DistilledSet again = run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        // Then
        assertThat(again.images()).containsExactly(before.images());
    }

    @Test
    void aDamagedTrajectoryIsTrainedAgain() throws IOException {
        // Given
        DistilledSet intact =
                run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        damageOne("trajectory-");
        damageOne("matching-");
        // When
        DistilledSet again = run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        // Then
        assertThat(again.images()).containsExactly(intact.images());
    }

    @Test
    void aChangedSampleAddsNewExpertsAndDropsTheOldest() throws IOException {
        // Given
        DistilledSet former =
                run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        List<String> before = trajectories();
        // When
        new Distillation(TinyProblem.settings(), directory.resolve("a"))
                .run(TinyProblem.images(20, 9), HELD_OUT, former, RunMonitor.SILENT);
        // Then
        assertThat(before).containsExactly("trajectory-0.safetensors", "trajectory-1.safetensors");
        assertThat(trajectories()).containsExactly("trajectory-1.safetensors", "trajectory-2.safetensors");
    }

    @Test
    void aDivergingRunGivesUpNamingTheSettingsToChange() {
        // Given
        MatchingSettings wild = new MatchingSettings(
                200, 3, 2, 2, 0, 1e30, 1e-6, 0.02, 0.5, 0.9, new Guards(true, Double.POSITIVE_INFINITY, 25, 2));
        // When / Then
        assertThatThrownBy(() -> run("a", TinyProblem.settings().withMatching(wild), RunMonitor.SILENT))
                .isInstanceOf(DistillationFailedException.class)
                .hasMessageContaining("matching diverged 3 times")
                .hasMessageContaining("reflux.distillation.matching.image-learning-rate");
    }

    @Test
    void iterationsThatAreAllAboveTheGateCountAsDivergence() {
        // Given
        DistillationSettings gated = gated("8");
        // When / Then
        assertThatThrownBy(() -> run("a", gated, RunMonitor.SILENT))
                .isInstanceOf(DistillationFailedException.class)
                .hasMessageContaining("matching diverged")
                .hasMessageContaining("at iteration 8 ");
    }

    @Test
    void withoutPatienceOfTheGateIterationsAboveItAreOnlySkipped() throws IOException {
        // Given
        DistillationSettings gated = gated("0");
        DistillationSettings still = SettingsProperties.apply(gated, Map.of("matching.iterations", "1"));
        // When
        DistilledSet skipped = run("a", gated, RunMonitor.SILENT).set();
        // Then
        assertThat(gated.matching().iterations()).isGreaterThan(8);
        assertThat(skipped.images())
                .isEqualTo(run("b", still, RunMonitor.SILENT).set().images());
        assertThat(skipped.recipe().learningRate()).isEqualTo(gated.matching().initialRate());
    }

    private static DistillationSettings gated(String patience) {
        return SettingsProperties.apply(
                TinyProblem.settings(),
                Map.of("matching.loss-gate", "1e-9", "matching.gate-patience", patience, "matching.restores", "1"));
    }

    @Test
    void moreImagesPerClassThanTheSampleHasAreRefused() {
        assertThatThrownBy(() -> run("a", TinyProblem.settings().withImagesPerClass(21), RunMonitor.SILENT))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("reflux.distillation.images-per-class is 21")
                .hasMessageContaining("class 'left' has only 20");
    }

    @Test
    void aStartWindowBeyondTheTrajectoryIsRefused() {
        assertThatThrownBy(() -> TinyProblem.settings()
                        .withMatching(new MatchingSettings(24, 3, 2, 3, 0, 1, 1e-6, 0.02, 0.5, 0.9, Guards.on())))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("reflux.distillation.matching.max-start-epoch is 3")
                .hasMessageContaining("experts.epochs 3");
    }

    @Test
    void aSetSurvivesItsFile() throws IOException {
        // Given
        DistilledSet set = run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        // When
        DistilledSet read = DistilledSet.fromSafetensors(
                Safetensors.decode(set.toSafetensors().encode()));
        // Then
        assertThat(read).usingRecursiveComparison().isEqualTo(set);
    }

    @Test
    void anImageKeepsItsClassWhenItsLargestLabelIsAnothers() throws IOException {
        // Given
        DistilledSet hard = run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        float[] labels = {0.2f, 0.7f, 0.1f, 0.1f, 0.8f, 0.1f, 0.4f, 0.4f, 0.2f};
        DistilledSet soft = new DistilledSet(
                hard.shape(), hard.classes(), hard.normalisation(), hard.images(), labels, hard.recipe(), new int[] {
                    0, 1, 2
                });
        // When
        DistilledSet read = DistilledSet.fromSafetensors(
                Safetensors.decode(soft.toSafetensors().encode()));
        // Then
        assertThat(read).usingRecursiveComparison().isEqualTo(soft);
        assertThat(read.classOf(0)).isZero();
        assertThat(read.classOf(2)).isEqualTo(2);
    }

    @Test
    void aSetWhoseClassesDoNotFitItsImagesIsRefused() throws IOException {
        DistilledSet set = run("a", TinyProblem.settings(), RunMonitor.SILENT).set();
        for (int[] members : new int[][] {{0, 1}, {0, 1, 3}, {0, -1, 2}}) {
            assertThatThrownBy(() -> new DistilledSet(
                            set.shape(),
                            set.classes(),
                            set.normalisation(),
                            set.images(),
                            set.labels(),
                            set.recipe(),
                            members))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(Arrays.toString(members));
        }
    }

    @Test
    void aFileOfAnotherFormatIsNoSet() {
        Safetensors other = new Safetensors(java.util.Map.of(), java.util.Map.of("format", "else/2"));
        assertThatThrownBy(() -> DistilledSet.fromSafetensors(other))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("else/2");
    }

    private DistillationResult run(String name, DistillationSettings settings, RunMonitor monitor) throws IOException {
        return new Distillation(settings, directory.resolve(name)).run(SAMPLE, HELD_OUT, null, monitor);
    }

    private void damageOne(String prefix) throws IOException {
        Path file = files(prefix).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);
    }

    private List<String> trajectories() throws IOException {
        return files("trajectory-").stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
    }

    private List<Path> files(String prefix) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    /** Asks to stop once a stage has come this far. */
    private static final class StopAfter implements RunMonitor {
        private final long units;
        private long seen;

        StopAfter(long units) {
            this.units = units;
        }

        @Override
        public void report(Progress progress) {
            seen = progress.done();
        }

        @Override
        public boolean cancelled() {
            return seen >= units;
        }
    }

    /** Cancels at its so-many-th question; a tiny expert asks 8 times within an epoch and once after it. */
    private static final class StopAfterQuestions implements RunMonitor {
        private final long most;
        private long asked;
        private long epochs;

        StopAfterQuestions(long most) {
            this.most = most;
        }

        @Override
        public void report(Progress progress) {
            epochs = progress.done();
        }

        @Override
        public boolean cancelled() {
            asked++;
            return asked > most;
        }
    }
}
