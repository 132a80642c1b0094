package io.reflux.console;

import io.reflux.distill.Accuracy;
import io.reflux.distill.Baseline;
import io.reflux.distill.EvaluationReport;
import java.util.Locale;
import java.util.Map;

/**
 * The three rows of an evaluation and those of baselines, as a table and as figures.
 *
 * @param baselines beside the random real images of the report
 * @param distilledImages images of the distilled set, and of each random real one
 * @param sampleImages images of the whole sample
 */
public record AccuracyTable(
        EvaluationReport report, Map<Baseline, Accuracy> baselines, long distilledImages, long sampleImages) {
    public AccuracyTable(EvaluationReport report, long distilledImages, long sampleImages) {
        this(report, Map.of(), distilledImages, sampleImages);
    }

    public void addTo(Table table) {
        table.row("students trained on", "images", "accuracy", "spread", "students");
        addRow(table, "distilled images", distilledImages, report.distilled());
        addRow(table, "random real images", distilledImages, report.random());
        baselines.forEach((baseline, accuracy) -> addRow(table, words(baseline), distilledImages, accuracy));
        addRow(table, "the whole sample", sampleImages, report.sample());
    }

    public void addTo(Figures figures) {
        addFigures(figures, "distilled", report.distilled());
        addFigures(figures, "random", report.random());
        baselines.forEach((baseline, accuracy) -> addFigures(figures, name(baseline), accuracy));
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

    public static String words(Baseline baseline) {
        return switch (baseline) {
            case RANDOM -> "random real images";
            case HERDING -> "real images by herding";
            case K_CENTER -> "real images by k-center";
            case RANDOM_SOFT -> "random real, soft labels";
        };
    }

    /** {@code random}, {@code herding}, {@code k-center}, {@code random-soft}. */
    private static String name(Baseline baseline) {
        return baseline.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static void addFigures(Figures figures, String name, Accuracy accuracy) {
        figures.put("accuracy." + name, accuracy.mean());
        figures.put("spread." + name, accuracy.spread());
        figures.put("students." + name, accuracy.students());
    }
}
