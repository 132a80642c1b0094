package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

final class TrendTest {
    @Test
    void findsTheSlopeOfALineExactly() {
        Trend trend = Trend.of(seconds(40), values(40, i -> 7 + 0.25 * i));

        assertThat(trend.slope()).isEqualTo(0.25, within(1e-12));
        assertThat(trend.error()).isEqualTo(0, within(1e-12));
        assertThat(trend.mean()).isEqualTo(7 + 0.25 * 19.5, within(1e-12));
        assertThat(trend.growth()).isEqualTo(0.25 * 39, within(1e-9));
        assertThat(trend.grows(9)).isTrue();
        assertThat(trend.grows(10)).isFalse();
    }

    @Test
    void tellsTheErrorTextbooksTell() {
        Trend trend = Trend.of(List.of(1.0, 2.0, 3.0, 4.0), List.of(2.0, 1.0, 4.0, 3.0));

        // slope Sxy/Sxx = 3/5; residual sum of squares Syy − Sxy²/Sxx = 5 − 9/5; error √(3.2/2/5)
        assertThat(trend.slope()).isEqualTo(0.6, within(1e-12));
        assertThat(trend.error()).isEqualTo(Math.sqrt(0.32), within(1e-12));
    }

    @Test
    void doesNotTakeAWanderingMeanForGrowth() {
        Random random = new Random(1);
        int grown = 0;
        for (int run = 0; run < 200; run++) {
            grown += Trend.of(seconds(400), values(400, i -> 100 + random.nextGaussian()))
                            .grows(0)
                    ? 1
                    : 0;
        }

        // one-sided, three standard errors of 18 degrees of freedom: 0.4 %
        assertThat(grown).isLessThan(6);
    }

    @Test
    void needsThreeMoments() {
        assertThatThrownBy(() -> Trend.of(List.of(1.0, 2.0), List.of(1.0, 2.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("three moments");
    }

    private static List<Double> seconds(int count) {
        return values(count, i -> i);
    }

    private static List<Double> values(int count, DoubleUnaryOperator value) {
        return new ArrayList<>(DoubleStream.iterate(0, i -> i + 1)
                .limit(count)
                .map(value)
                .boxed()
                .toList());
    }
}
