package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.reflux.image.ImageSet;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Real images beside a distilled set, on a problem that a small network learns. */
class BaselinesTest {
    private static final Compute ONE_THREAD = new Compute("cpu", 1);
    private static final int PER_CLASS = 3;
    private static final ImageSet SAMPLE = TinyProblem.images(20, 1);
    private static final ImageSet TEST = TinyProblem.images(20, 2);
    private static final EvaluationSettings SETTINGS = new EvaluationSettings(2, 3, 30, 16, 0.02, 40);

    @Test
    void judgesEveryBaselineAboveChance() {
        Map<Baseline, Accuracy> accuracies =
                baselines().evaluate(EnumSet.allOf(Baseline.class), terms(), SAMPLE, TEST, RunMonitor.SILENT);

        assertThat(accuracies.keySet()).containsExactly(Baseline.values());
        accuracies.forEach((baseline, accuracy) -> {
            assertThat(accuracy.mean()).as(baseline.name()).isBetween(0.5, 1.0);
            boolean drawn = baseline == Baseline.RANDOM || baseline == Baseline.RANDOM_SOFT;
            assertThat(accuracy.students()).isEqualTo(drawn ? 3 : 2);
        });
    }

    @Test
    void givesTheSameFiguresFromTheSameSeed() {
        Set<Baseline> two = EnumSet.of(Baseline.K_CENTER, Baseline.RANDOM_SOFT);

        Map<Baseline, Accuracy> first = baselines().evaluate(two, terms(), SAMPLE, TEST, RunMonitor.SILENT);

        assertThat(baselines().evaluate(two, terms(), SAMPLE, TEST, RunMonitor.SILENT))
                .isEqualTo(first);
    }

    @Test
    void drawsTheRandomImagesOfTheEvaluationsRow() {
        DistilledSet set = set();
        Accuracy row = new Evaluation(SETTINGS, 5, ONE_THREAD)
                .evaluate(set, SAMPLE, TEST, RunMonitor.SILENT)
                .random();

        Map<Baseline, Accuracy> accuracies = baselines()
                .evaluate(EnumSet.of(Baseline.RANDOM), Baselines.Terms.of(set), SAMPLE, TEST, RunMonitor.SILENT);

        assertThat(accuracies).isEqualTo(Map.of(Baseline.RANDOM, row));
    }

    @Test
    void countsTheStudentsAndTheNetworkThatChooses() {
        List<Progress> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        RunMonitor monitor = new RunMonitor() {
            @Override
            public void report(Progress progress) {
                told.add(progress);
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };

        baselines().evaluate(EnumSet.of(Baseline.HERDING), terms(), SAMPLE, TEST, monitor);

        assertThat(told).extracting(Progress::done).containsExactly(0L, 1L, 2L, 3L);
        assertThat(told).extracting(Progress::total).containsOnly(3L);
    }

    @Test
    void refusesAQuotaOfOtherClasses() {
        Baselines.Terms terms = new Baselines.Terms(ClassQuota.of(1, 2), normalisation(), recipe());

        assertThatThrownBy(
                        () -> baselines().evaluate(EnumSet.of(Baseline.RANDOM), terms, SAMPLE, TEST, RunMonitor.SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the set has 2 classes, the sample has 3");
    }

    @Test
    void choosesNoImageTwiceAndNoMoreThanThereAre() {
        ClassQuota quota = new ClassQuota(List.of(2, 0, 30));

        int[] indices = quota.indices(SAMPLE, ClassQuota.random(Draws.of(1, "test", 0, 0)));

        assertThat(indices).doesNotHaveDuplicates().hasSize(22);
        assertThat(java.util.Arrays.stream(indices).map(i -> SAMPLE.labels()[i]).distinct())
                .containsExactly(0, 2);
    }

    @Test
    void labelsImagesWithTheProbabilitiesOfTheNetwork() {
        try (TensorSession session = TensorSession.open(ONE_THREAD)) {
            // Given
            ConvNet network = TinyProblem.network();
            float[] start = network.layout().initialise(Draws.of(1, "start", 0, 0));
            SampleNetwork given = new SampleNetwork(network, TensorSession.place(session.manager(), start));
            TrainingImages images = TrainingImages.of(session.manager(), SAMPLE, normalisation());
            // When
            NDArray labels = given.labels(session.manager(), images.images());
            float[][] features = given.features(images.images());
            // Then
            float[] expected =
                    network.logits(given.theta(), images.images()).softmax(1).toFloatArray();
            assertThat(labels.getShape()).isEqualTo(images.labels().getShape());
            assertThat(RelativeError.of(labels.toFloatArray(), expected)).isLessThan(1e-6);
            assertThat(features).hasNumberOfRows(SAMPLE.size());
            assertThat(features[0]).hasSize(4 * 4 * 4);
            assertThat(logit(network, start, features[7], 1))
                    .isCloseTo(network.logits(given.theta(), images.images()).getFloat(7, 1), within(1e-5));
        }
    }

    /** One logit from features, by the classifier that ends the parameters. */
    private static double logit(ConvNet network, float[] theta, float[] features, int k) {
        int biases = theta.length - network.classes();
        int weights = biases - network.classes() * features.length;
        double sum = theta[biases + k];
        for (int f = 0; f < features.length; f++) {
            sum += (double) theta[weights + k * features.length + f] * features[f];
        }
        return sum;
    }

    private static Baselines baselines() {
        return new Baselines(SETTINGS, 5, ONE_THREAD);
    }

    private static Baselines.Terms terms() {
        return new Baselines.Terms(ClassQuota.of(PER_CLASS, TinyProblem.CLASSES.size()), normalisation(), recipe());
    }

    private static Normalisation normalisation() {
        return ChannelNormalisation.fit(SAMPLE.pixels(), SAMPLE.shape());
    }

    private static StudentRecipe recipe() {
        return new StudentRecipe(0.05, 0.9, 5e-4, 30, 16, AugmentationFamily.all(), new NetworkSettings(4, 2));
    }

    /** The first images of each class as a set. */
    private static DistilledSet set() {
        ImageSet few = ClassQuota.of(PER_CLASS, TinyProblem.CLASSES.size())
                .choose(SAMPLE, (candidates, count) -> java.util.stream.IntStream.range(0, count)
                        .toArray());
        float[] labels = new float[few.size() * TinyProblem.CLASSES.size()];
        for (int i = 0; i < few.size(); i++) {
            labels[i * TinyProblem.CLASSES.size() + few.labels()[i]] = 1;
        }
        float[] images = normalisation().apply(few.pixels(), few.shape());
        return new DistilledSet(few.shape(), few.classes(), normalisation(), images, labels, recipe());
    }
}
