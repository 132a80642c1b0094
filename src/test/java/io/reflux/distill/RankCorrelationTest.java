package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    @Test
    void isOneForTheSameOrderWhateverTheValues() {
        assertThat(RankCorrelation.spearman(values(0.1, 0.7, 0.3), values(1, 9, 8)))
                .isEqualTo(1);
    }

    @Test
    void isMinusOneForTheReversedOrder() {
        assertThat(RankCorrelation.spearman(values(1, 2, 3, 4), values(9, 7, 5, 1)))
                .isCloseTo(-1, within(1e-15));
    }

    @Test
    void agreesWithTheShortFormulaWithoutTies() {
        // Ranks 1 2 3 4 5 and 2 1 4 3 5: 1 − 6·(1 + 1 + 1 + 1) / (5·24)
        assertThat(RankCorrelation.spearman(values(10, 20, 30, 40, 50), values(3, 1, 8, 5, 9)))
                .isCloseTo(0.8, within(1e-15));
    }

    @Test
    void givesTiesTheMeanOfTheirRanks() {
        assertThat(RankCorrelation.ranks(values(7, 3, 7, 1, 7))).containsExactly(4, 2, 4, 1, 4);
        // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: 4.5 / √(4.5 · 5)
        assertThat(RankCorrelation.spearman(values(1, 2, 2, 3), values(1, 2, 3, 4)))
                .isCloseTo(4.5 / Math.sqrt(22.5), within(1e-15));
    }

    @Test
    void isNoNumberWhereThereIsNoOrder() {
        assertThat(RankCorrelation.spearman(values(5, 5, 5), values(1, 2, 3))).isNaN();
        assertThat(RankCorrelation.spearman(values(5), values(1))).isNaN();
        assertThat(RankCorrelation.spearman(values(), values())).isNaN();
    }

    @Test
    void refusesListsThatDoNotPair() {
        assertThatThrownBy(() -> RankCorrelation.spearman(values(1, 2), values(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double[] values(double... values) {
        return values;
    }
}
