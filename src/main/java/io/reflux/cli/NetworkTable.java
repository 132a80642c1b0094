package io.reflux.cli;

import io.reflux.console.AccuracyTable;
import io.reflux.console.Figures;
import io.reflux.console.Table;
import io.reflux.distill.Accuracy;
import io.reflux.nn.Architecture;
import java.util.Map;

/** The cross-architecture table of a set, as a table and as figures. */
record NetworkTable(Map<Architecture, Accuracy> accuracies) {
    void addTo(Table table) {
        table.row("students that are", "accuracy", "spread", "students");
        accuracies.forEach((network, accuracy) -> table.row(
                network.title(),
                Table.percent(accuracy.mean()),
                "± " + Table.decimal(100 * accuracy.spread(), 1),
                Table.count(accuracy.students())));
    }

    void addTo(Figures figures) {
        accuracies.forEach((network, accuracy) -> AccuracyTable.addFigures(figures, "net." + network.key(), accuracy));
    }
}
