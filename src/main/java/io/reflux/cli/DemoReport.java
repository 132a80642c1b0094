package io.reflux.cli;

import io.reflux.console.AccuracyTable;
import io.reflux.console.Figures;
import io.reflux.console.Table;
import java.util.Map;

/**
 * What a demo found.
 *
 * @param sent images and bytes in
 * @param imagesOut of the distilled set
 * @param bytesOut of its records on the topic
 * @param accuracies on the data set's own test images
 * @param seconds by stage, in order
 * @param total seconds from the start of the process
 */
record DemoReport(
        Sent sent, long imagesOut, long bytesOut, AccuracyTable accuracies, Map<String, Double> seconds, double total) {
    Table table() {
        Table table = new Table().row("", "images", "bytes");
        table.row("in", Table.count(sent.images()), Table.count(sent.bytes()));
        table.row("out", Table.count(imagesOut), Table.count(bytesOut));
        table.row("ratio", ratio(sent.images(), imagesOut), ratio(sent.bytes(), bytesOut));
        table.gap();
        accuracies.addTo(table);
        table.gap().row("stage", "seconds");
        seconds.forEach((stage, time) -> table.row(stage, Table.decimal(time, 1)));
        table.row("total", Table.decimal(total, 1));
        return table;
    }

    Figures figures() {
        Figures figures = new Figures();
        accuracies.addTo(figures);
        figures.put("images.in", sent.images())
                .put("images.out", imagesOut)
                .put("bytes.in", sent.bytes())
                .put("bytes.out", bytesOut)
                .put("ratio.images", (double) sent.images() / imagesOut)
                .put("ratio.bytes", (double) sent.bytes() / bytesOut);
        seconds.forEach((stage, time) -> figures.put("seconds." + stage.strip(), time));
        return figures.put("seconds.total", total);
    }

    private static String ratio(long in, long out) {
        return Table.decimal((double) in / out, 1) + " : 1";
    }
}
