package io.reflux.cli;

import io.reflux.console.Table;
import io.reflux.distill.Benchmark;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.MatchingSettings;
import io.reflux.distill.Preset;
import io.reflux.distill.Presets;
import io.reflux.distill.StartWindow;
import java.util.Locale;

/** The presets side by side. */
final class PresetTable {
    private static final String NONE = "-";

    private PresetTable() {}

    static Table table() {
        Table table = new Table()
                .row(
                        "preset",
                        "method",
                        "data",
                        "per class",
                        "experts",
                        "iterations",
                        "steps",
                        "starts",
                        "batch",
                        "images' rate",
                        "labels' rate",
                        "average");
        Presets.list().forEach(preset -> add(preset, table));
        return table;
    }

    private static void add(Preset preset, Table table) {
        DistillationSettings settings = preset.settings();
        MatchingSettings matching = settings.matching();
        table.row(
                preset.name(),
                preset.method().name().toLowerCase(Locale.ROOT),
                preset.data().map(Benchmark::title).orElse("any"),
                Integer.toString(settings.imagesPerClass()),
                settings.experts().count() + " × " + settings.experts().epochs(),
                Integer.toString(matching.iterations()),
                Integer.toString(matching.innerSteps()),
                starts(matching.window()),
                matching.batch() == 0 ? "all" : Integer.toString(matching.batch()),
                number(matching.imageLearningRate()),
                matching.labels().learned() ? number(matching.labels().labelLearningRate()) : NONE,
                matching.averageDecay() > 0 ? number(matching.averageDecay()) : NONE);
    }

    /** First and last start epoch; where the window grows, its last one at the beginning and at the end. */
    private static String starts(StartWindow window) {
        String last = Integer.toString(window.maxStartEpoch() - 1);
        String grown = window.end(0) < window.maxStartEpoch() ? (window.end(0) - 1) + "→" + last : last;
        return window.minStartEpoch() + "…" + grown;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
