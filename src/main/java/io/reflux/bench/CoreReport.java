package io.reflux.bench;

import io.reflux.console.Figures;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a measurement of the core came to: medians over the rounds, and what they are beside the reference's.
 *
 * @param own figures of each round
 * @param other figures of the reference in each round it ended
 * @param failure why the reference gave no more, empty when it did not fail
 * @param version of the reference's PyTorch, empty when unknown
 */
record CoreReport(
        CoreOptions options, List<CoreFigures> own, List<CoreFigures> other, Optional<String> failure, String version) {
    static final String OWN = "reflux";
    private static final String OTHER = "reference";
    private static final String NONE = "–";

    CoreReport {
        own = List.copyOf(own);
        other = List.copyOf(other);
    }

    /** A measurement in this process alone. */
    static CoreReport of(CoreOptions options, CoreFigures figures) {
        return new CoreReport(options, List.of(figures), List.of(), Optional.empty(), "");
    }

    void print(Terminal terminal) {
        terminal.print(options.words() + rounds());
        terminal.print(table());
        failure.ifPresent(reason -> terminal.print("the reference failed: " + reason));
        if (PeakMemory.megabytes().isEmpty()) {
            terminal.print("no peak memory: it is read from /proc/self/status, which this system does not have");
        }
    }

    private String rounds() {
        return own.size() == 1 ? "" : "; medians of " + own.size() + " rounds";
    }

    private Table table() {
        CoreFigures ours = CoreFigures.medians(own);
        CoreFigures theirs = CoreFigures.medians(other);
        CoreFigures ratios = ours.over(theirs);
        boolean compared = !other.isEmpty() || failure.isPresent();
        Table table = new Table();
        if (compared) {
            table.row("", "Reflux", OTHER, "Reflux / " + OTHER);
        }
        for (CoreFigure figure : CoreFigure.values()) {
            if (ours.value(figure).isPresent()) {
                String value = cell(figure, ours);
                if (compared) {
                    table.row(figure.words(), value, cell(figure, theirs), ratio(ratios.value(figure)));
                } else {
                    table.row(figure.words(), value);
                }
            }
        }
        return table;
    }

    private static String cell(CoreFigure figure, CoreFigures figures) {
        OptionalDouble value = figures.value(figure);
        return value.isPresent() ? figure.format(value.getAsDouble()) : NONE;
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? Table.decimal(ratio.getAsDouble(), 2) : NONE;
    }

    Figures figures() {
        Figures figures = new Figures();
        options.values().forEach((name, value) -> figures.put("case." + name, value));
        CoreFigures ours = CoreFigures.medians(own);
        CoreFigures theirs = CoreFigures.medians(other);
        ours.addTo(figures, OWN + ".");
        theirs.addTo(figures, OTHER + ".");
        ours.over(theirs).addTo(figures, "ratio.");
        failure.ifPresent(reason -> figures.put(OTHER + ".failure", reason));
        if (!version.isEmpty()) {
            figures.put(OTHER + ".torch", version);
        }
        addRounds(figures, OWN, own);
        addRounds(figures, OTHER, other);
        return figures;
    }

    private static void addRounds(Figures figures, String whose, List<CoreFigures> rounds) {
        for (int i = 0; i < rounds.size(); i++) {
            rounds.get(i).addTo(figures, "rounds." + (i + 1) + "." + whose + ".");
        }
    }
}
