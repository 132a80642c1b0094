package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.image.ImageSet;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.Compute;
import io.reflux.nn.Normalisation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkSearchTest {
    private static final ImageSet SAMPLE = TinyProblem.images(12, 1);
    private static final ImageSet TEST = TinyProblem.images(8, 2);
    /** One of each norm. */
    private static final SearchSpace SPACE = SearchSpace.parse("width=32;depth=1;activation=relu;pooling=max");

    @TempDir
    private Path directory;

    @Test
    void testsEveryNetworkOnEverySourceAndLearns() throws IOException {
        SearchReport report = search("a", settings(true), 2, new Watch(Integer.MAX_VALUE));

        assertThat(report.networks()).extracting(NetworkScore::network).containsExactlyElementsOf(SPACE.networks());
        assertThat(report.has(TrainingSource.RANDOM)).isTrue();
        assertThat(report.found(TrainingSource.REAL)).isGreaterThan(0.6);
    }

    @Test
    void anInterruptedSearchGoesOnAndEndsWithTheSameAccuracies() throws IOException {
        // Given
        List<Double> uninterrupted = accuracies(search("a", settings(true), 1, new Watch(Integer.MAX_VALUE)));
        // When
        for (int stop : new int[] {1, 1, 2}) {
            assertThatThrownBy(() -> search("b", settings(true), 1, new Watch(stop)))
                    .isInstanceOf(DistillationCancelledException.class);
        }
        Watch last = new Watch(Integer.MAX_VALUE);
        List<Double> resumed = accuracies(search("b", settings(true), 1, last));
        // Then
        assertThat(resumed).isEqualTo(uninterrupted);
        assertThat(last.finishedBefore).isEqualTo(4);
        assertThat(last.finished).hasSize(1);
    }

    @Test
    void aNetworksAccuracyDependsNeitherOnTheOthersNorOnTheWorkers() throws IOException {
        List<Double> together = accuracies(search("a", settings(false), 2, new Watch(Integer.MAX_VALUE)));

        SearchReport alone = new NetworkSearch(settings(false), directory.resolve("b"), new Compute("cpu", 1))
                .run(SPACE.networks().subList(2, 3), set(), SAMPLE, TEST, new Watch(Integer.MAX_VALUE));

        assertThat(accuracies(alone)).isEqualTo(together.subList(4, 6));
    }

    @Test
    void trainsNothingAnewThatItKnows() throws IOException {
        search("a", settings(false), 2, new Watch(Integer.MAX_VALUE));

        Watch again = new Watch(Integer.MAX_VALUE);
        search("a", settings(false), 2, again);

        assertThat(again.finishedBefore).isEqualTo(SPACE.networks().size());
        assertThat(again.finished).isEmpty();
    }

    @Test
    void saysHowMuchOfTheWorkIsDone() throws IOException {
        Watch watch = new Watch(Integer.MAX_VALUE);
        search("a", settings(false), 1, watch);

        assertThat(watch.shares).isSorted();
        assertThat(watch.shares.get(watch.shares.size() - 1)).isEqualTo(1.0);
    }

    private SearchReport search(String place, SearchSettings settings, int threads, Watch watch) throws IOException {
        return new NetworkSearch(settings, directory.resolve(place), new Compute("cpu", threads))
                .run(SPACE.networks(), set(), SAMPLE, TEST, watch);
    }

    private static SearchSettings settings(boolean randomProxy) {
        return new SearchSettings(3, 4, 30, 8, 0.02, 0.02, randomProxy);
    }

    /** Two real images a class stand for a distilled set. */
    static DistilledSet set() {
        ImageSet images = TinyProblem.images(2, 9);
        Normalisation normalisation = ChannelNormalisation.fit(SAMPLE.pixels(), SAMPLE.shape());
        float[] labels = new float[images.size() * 3];
        for (int i = 0; i < images.size(); i++) {
            labels[i * 3 + images.labels()[i]] = 1;
        }
        return new DistilledSet(
                images.shape(),
                images.classes(),
                normalisation,
                normalisation.apply(images.pixels(), images.shape()),
                labels,
                new StudentRecipe(0.02, 0.9, 5e-4, 5, 16, AugmentationFamily.parse("crop"), new NetworkSettings(4, 2)));
    }

    private static List<Double> accuracies(SearchReport report) {
        List<Double> accuracies = new ArrayList<>();
        for (NetworkScore network : report.networks()) {
            for (TrainingSource source : TrainingSource.values()) {
                if (report.has(source)) {
                    accuracies.add(network.on(source).accuracy());
                }
            }
        }
        return accuracies;
    }

    /** Remembers what it is told, and cancels after some networks. */
    private static final class Watch implements SearchMonitor {
        private final int stopAfter;
        private final List<NetworkScore> finished = new ArrayList<>();
        private final List<Double> shares = new ArrayList<>();
        private int finishedBefore;

        Watch(int stopAfter) {
            this.stopAfter = stopAfter;
        }

        @Override
        public void begun(int before, int total) {
            finishedBefore = before;
        }

        @Override
        public synchronized void finished(NetworkScore network, int count, int total, double share) {
            finished.add(network);
            shares.add(share);
        }

        @Override
        public synchronized boolean cancelled() {
            return finished.size() >= stopAfter;
        }
    }
}
