package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.bench.Latencies.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
    @Test
    void waitsFromTheRecordsTimeUntilItsOffsetIsPassed() {
        List<Mark> records =
                List.of(new Mark(0, 11, 1_002), new Mark(0, 10, 1_000), new Mark(1, 10, 1_001), new Mark(0, 12, 1_010));
        List<Mark> reached =
                List.of(new Mark(0, 10, 1_004), new Mark(0, 12, 1_005), new Mark(1, 11, 1_041), new Mark(0, 12, 1_090));

        Latencies latencies = Latencies.of(records, reached);

        assertThat(latencies.milliseconds()).containsExactly(3, 5, 40);
        assertThat(latencies.quantile(0.5)).isEqualTo(5);
        assertThat(latencies.quantile(0.99)).isEqualTo(40);
        assertThat(latencies.quantile(0)).isEqualTo(3);
    }
}
