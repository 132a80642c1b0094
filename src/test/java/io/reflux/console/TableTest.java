package io.reflux.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableTest {
    @Test
    void alignsTheFirstColumnLeftAndTheOthersRight() {
        Table table = new Table()
                .row("name", "images")
                .row("in", Table.count(12_345))
                .gap()
                .row("accuracy", Table.percent(0.725));

        assertThat(table.text().lines())
                .containsExactly("name      images", "in        12,345", "", "accuracy  72.5 %");
    }

    @Test
    void cutsTheWidestWordsUntilItFits() {
        Table table = new Table()
                .row("state", "seconds", "remark")
                .row("finished", "12.5", "nothing to say")
                .row("refused", "3.0", "it is not better than as many random real images")
                .words(2);

        assertThat(table.text(40, false).lines())
                .containsExactly(
                        "state     seconds  remark",
                        "finished     12.5  nothing to say",
                        "refused       3.0  it is not better tha…")
                .allMatch(line -> line.length() <= 40);
        assertThat(table.text(5, false).lines().toList().get(2)).isEqualTo("refused       3.0  it is n…");
    }

    @Test
    void coloursCellsWithoutMovingThem() {
        Table table = new Table().row("finished", "1").row("done", "2").ink(0, Ink::ofState);

        assertThat(table.text(80, true).lines()).containsExactly("\u001b[32mfinished\u001b[0m  1", "done      2");
        assertThat(table.text(80, false)).doesNotContain("\u001b");
    }
}
