package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.console.CommandException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SoakVerdictTest {
    private static final double RATE = 1_000;

    @Test
    void findsNothingInAServiceThatStaysAsItIs() {
        assertThat(growths(i -> new SoakSample(2 * i, 900 + i % 7, 60 + i % 2, 300 + i % 5)))
                .isEmpty();
    }

    @Test
    void forgivesTheBeginning() {
        assertThat(growths(i -> new SoakSample(2 * i, Math.min(900, 300 + 20 * i), Math.min(60, 40 + i), 300)))
                .isEmpty();
    }

    @Test
    void findsALeak() {
        assertThat(growths(i -> new SoakSample(2 * i, 900 + i, 60, 300)))
                .singleElement()
                .asString()
                .contains("resident memory grows by 1,8", "MB an hour");
    }

    @Test
    void findsThreadsThatRoundsLeaveBehind() {
        assertThat(growths(i -> new SoakSample(2 * i, 900, 60 + i / 15 + i % 2, 300)))
                .singleElement()
                .asString()
                .contains("threads grow by ", " an hour");
    }

    @Test
    void forgivesThePoolsThatGrowToTheirSize() {
        assertThat(growths(i -> new SoakSample(2 * i, 900, (i < 120 ? 60 : 62) + i % 2, 300)))
                .isEmpty();
    }

    @Test
    void findsALagThatGrows() {
        assertThat(growths(i -> new SoakSample(2 * i, 900, 60, 10 * i)))
                .singleElement()
                .asString()
                .contains("the lag grows by 18,000");
    }

    @Test
    void refusesToJudgeByAFewSamples() {
        assertThatThrownBy(() -> SoakVerdict.of(samples(5, i -> new SoakSample(i, 1, 1, 1)), RATE, 0.05))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--minutes");
    }

    private static List<String> growths(IntFunction<SoakSample> sample) {
        return SoakVerdict.of(samples(200, sample), RATE, 0.05).growths();
    }

    private static List<SoakSample> samples(int count, IntFunction<SoakSample> sample) {
        return IntStream.range(0, count).mapToObj(sample).toList();
    }
}
