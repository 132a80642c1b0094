package io.reflux.cli;

import io.reflux.distill.Accuracy;
import io.reflux.distill.EvaluationReport;

/**
 * The three rows of an evaluation, as a table and as figures.
 *
 * @param distilledImages images of the distilled set, and of each random real one
 * @param sampleImages images of the whole sample
 */
record AccuracyTable(EvaluationReport report, long distilledImages, long sampleImages) {
    void addTo(Table table) {
        table.row("students trained on", "images", "accuracy", "spread", "students");
        addRow(table, "distilled images", distilledImages, report.distilled());
        addRow(table, "random real images", distilledImages, report.random());
        addRow(table, "the whole sample", sampleImages, report.sample());
    }

    void addTo(Figures figures) {
        addFigures(figures, "distilled", report.distilled());
        addFigures(figures, "random", report.random());
        addFigures(figures, "sample", report.sample());
    }

    private static void addRow(Table table, String name, long images, Accuracy accuracy) {
        table.row(
                name,
                Table.count(images),
                Table.percent(accuracy.mean()),
                "± " + Table.decimal(100 * accuracy.spread(), 1),
                Table.count(accuracy.students()));
    }

    private static void addFigures(Figures figures, String name, Accuracy accuracy) {
        figures.put("accuracy." + name, accuracy.mean());
        figures.put("spread." + name, accuracy.spread());
        figures.put("students." + name, accuracy.students());
    }
}
