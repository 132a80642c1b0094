package io.reflux.cli;

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
}
