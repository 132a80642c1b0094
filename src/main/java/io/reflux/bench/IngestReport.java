package io.reflux.bench;

import io.reflux.console.Figures;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a measurement of ingestion came to: medians over the repeats, and what they are beside the raw consumer's.
 *
 * @param service figures of each repeat
 * @param raw figures of the raw consumer in each
 * @param broker where it ran, in words
 */
record IngestReport(IngestOptions options, List<IngestFigures> service, List<IngestFigures> raw, String broker) {
    static final String SERVICE = "service";
    static final String RAW = "consumer";
    private static final String NONE = "–";

    IngestReport {
        service = List.copyOf(service);
        raw = List.copyOf(raw);
    }

    void print(Terminal terminal) {
        terminal.print(options.words() + "; " + broker
                + (service.size() > 1 ? "; medians of " + service.size() + " repeats" : ""));
        terminal.print(table());
        terminal.print(
                "latency: from the record's timestamp, at " + Table.count(options.rate())
                        + " images/s, until the progress of its batch is acknowledged; of the raw consumer, until it is polled");
        rounds().ifPresent(terminal::print);
    }

    private Table table() {
        IngestFigures ours = IngestFigures.medians(service);
        IngestFigures theirs = IngestFigures.medians(raw);
        IngestFigures ratios = ours.over(theirs);
        Table table = new Table().row("", "the service", "raw consumer", "ratio");
        for (IngestFigure figure : IngestFigure.values()) {
            if (ours.value(figure).isPresent()) {
                table.row(figure.words(), cell(figure, ours), cell(figure, theirs), ratio(ratios.value(figure)));
            }
        }
        return table;
    }

    private Optional<String> rounds() {
        IngestFigures ours = IngestFigures.medians(service);
        OptionalDouble images = ours.value(IngestFigure.ROUND_IMAGES);
        if (images.isEmpty()) {
            return Optional.empty();
        }
        double kept = images.getAsDouble() / ours.value(IngestFigure.IMAGES).orElseThrow();
        double slower = ours.value(IngestFigure.ROUND_BESIDE).orElseThrow()
                / ours.value(IngestFigure.ROUND_ALONE).orElseThrow();
        return Optional.of("a running round on " + options.threads() + " threads leaves "
                + Table.percent(kept) + " of the images/s; an iteration takes " + Table.decimal(slower, 2)
                + " times as long beside " + Table.count(options.rate()) + " images/s");
    }

    private static String cell(IngestFigure figure, IngestFigures figures) {
        OptionalDouble value = figures.value(figure);
        return value.isPresent() ? figure.format(value.getAsDouble()) : NONE;
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? Table.decimal(ratio.getAsDouble(), 2) : NONE;
    }

    Figures figures() {
        Figures figures = new Figures();
        options.addTo(figures);
        IngestFigures ours = IngestFigures.medians(service);
        IngestFigures theirs = IngestFigures.medians(raw);
        ours.addTo(figures, SERVICE + ".");
        theirs.addTo(figures, RAW + ".");
        ours.over(theirs).addTo(figures, "ratio.");
        for (int i = 0; i < service.size(); i++) {
            service.get(i).addTo(figures, "repeats." + (i + 1) + "." + SERVICE + ".");
            raw.get(i).addTo(figures, "repeats." + (i + 1) + "." + RAW + ".");
        }
        return figures;
    }
}
