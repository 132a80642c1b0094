package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StartWindowTest {
    @ParameterizedTest
    @CsvSource({"0,    10", "99,   10", "100,  11", "550,  15", "999,  19", "1000, 20", "9999, 20", "2147483647, 20"})
    void growsFromItsFirstEndToItsLast(int iteration, int end) {
        assertThat(new StartWindow(0, 20, 10, 1000).end(iteration)).isEqualTo(end);
    }

    @Test
    void staysWhereItIsWhenFixed() {
        StartWindow window = new StartWindow(40, 60, 0, 0);

        assertThat(window.end(0)).isEqualTo(60);
        assertThat(window.end(5000)).isEqualTo(60);
    }

    @Test
    void startsAreDrawnFromTheWholeWindowOfTheIterationAndNothingElse() {
        DistillationSettings settings = SettingsProperties.apply(
                TinyProblem.settings(),
                Map.of(
                        "experts.epochs", "9",
                        "matching.min-start-epoch", "2",
                        "matching.max-start-epoch", "7",
                        "matching.first-max-start-epoch", "4",
                        "matching.expansion-iterations", "100"));
        Distiller distiller = new Distiller(null, null, null, settings, null, 3);

        int[] early = epochs(distiller, 0, 20);
        int[] late = epochs(distiller, 100, 400);

        assertThat(IntStream.of(early).distinct().sorted().toArray()).containsExactly(2, 3);
        assertThat(IntStream.of(late).distinct().sorted().toArray()).containsExactly(2, 3, 4, 5, 6);
    }

    @Test
    void windowsThatCannotBeAreRefusedByTheNameOfTheProperty() {
        refuses("matching.max-start-epoch is 0", 0, 0, 0, 0);
        refuses("matching.min-start-epoch is 5", 5, 5, 0, 0);
        refuses("matching.min-start-epoch is -1", -1, 5, 0, 0);
        refuses("matching.first-max-start-epoch is 6", 0, 5, 6, 10);
        refuses("matching.first-max-start-epoch is 2", 2, 5, 2, 10);
        refuses("matching.expansion-iterations is 0", 0, 5, 3, 0);
        refuses("matching.expansion-iterations is -1", 0, 5, 0, -1);
    }

    private static void refuses(String problem, int min, int max, int first, int expansion) {
        assertThatThrownBy(() -> new StartWindow(min, max, first, expansion))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageStartingWith("reflux.distillation." + problem + ", must be ");
    }

    private static int[] epochs(Distiller distiller, int from, int to) {
        return IntStream.range(from, to)
                .map(iteration -> distiller.segment(iteration, 2).epoch())
                .toArray();
    }
}
