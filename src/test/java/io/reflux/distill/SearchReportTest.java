package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.reflux.nn.ConvNetVariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SearchReportTest {
    /** On real images the order is 0 1 2 3 4; the set puts 3 first and has the others right, but for a tie. */
    private static final SearchReport REPORT =
            report(new double[] {0.9, 0.8, 0.7, 0.6, 0.5}, new double[] {0.40, 0.35, 0.30, 0.45, 0.30});

    @Test
    void ranksTheBestFirstAndTiesInTheFamilysOrder() {
        assertThat(REPORT.ranked(TrainingSource.SET))
                .extracting(NetworkScore::network)
                .containsExactly(variant(3), variant(0), variant(1), variant(2), variant(4));
    }

    @Test
    void correlatesTheNetworksThatTheProxyPutsFirst() {
        // 3, 0, 1: the set's ranks 3 2 1, real ranks 1 3 2
        assertThat(REPORT.correlation(TrainingSource.SET, TrainingSource.SET, 3))
                .isCloseTo(-0.5, within(1e-12));
    }

    @Test
    void correlatesTheNetworksThatAreBestOnRealImages() {
        assertThat(REPORT.correlation(TrainingSource.SET, TrainingSource.REAL, 3))
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void correlatesAllWhenThereAreNotAsMany() {
        double all = RankCorrelation.spearman(
                new double[] {0.9, 0.8, 0.7, 0.6, 0.5}, new double[] {0.40, 0.35, 0.30, 0.45, 0.30});

        assertThat(REPORT.correlation(TrainingSource.SET, TrainingSource.SET, 20))
                .isCloseTo(all, within(1e-12));
    }

    @Test
    void tellsWhatTheSearchWouldHaveFound() {
        assertThat(REPORT.found(TrainingSource.SET)).isEqualTo(0.6);
        assertThat(REPORT.found(TrainingSource.REAL)).isEqualTo(0.9);
        assertThat(REPORT.seconds(TrainingSource.REAL)).isEqualTo(10);
        assertThat(REPORT.has(TrainingSource.RANDOM)).isFalse();
    }

    private static SearchReport report(double[] real, double[] set) {
        List<NetworkScore> networks = new ArrayList<>();
        for (int i = 0; i < real.length; i++) {
            networks.add(new NetworkScore(
                    variant(i),
                    Map.of(
                            TrainingSource.REAL, new NetworkScore.Test(real[i], 2),
                            TrainingSource.SET, new NetworkScore.Test(set[i], 1))));
        }
        return new SearchReport(networks);
    }

    private static ConvNetVariant variant(int i) {
        return ConvNetVariant.all().get(i);
    }
}
