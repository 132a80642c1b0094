package io.reflux.bench;

import io.reflux.console.Table;
import io.reflux.distill.Accuracy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finished cells as a table in Markdown, with the commands that repeat them below. */
final class BudgetTable {
    private static final String NONE = "–";
    private static final String HEAD =
            "| | data | images per class | method | minutes | accuracy | students | iterations"
                    + " | spent on experts | seed |";
    private static final String RULE = "|---|---|---|---|---|---|---|---|---|---|";

    private BudgetTable() {}

    static String of(List<BudgetCell> cells) {
        List<BudgetCell> sorted = cells.stream().sorted(order(cells)).toList();
        List<String> lines = new ArrayList<>(List.of(HEAD, RULE));
        List<String> commands = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            lines.add(row(i + 1, sorted.get(i)));
            commands.add(command(i + 1, sorted.get(i)));
        }
        lines.add("");
        lines.add("Each row again, number by number:");
        lines.add("");
        lines.add("```");
        lines.addAll(commands);
        lines.add("```");
        return String.join("\n", lines);
    }

    /** By data set, images per class and seed; baselines first, the methods after them in the order they were measured. */
    private static Comparator<BudgetCell> order(List<BudgetCell> cells) {
        List<String> data = cells.stream().map(BudgetCell::data).distinct().toList();
        List<String> methods = cells.stream().map(BudgetCell::method).distinct().toList();
        return Comparator.comparing((BudgetCell cell) -> data.indexOf(cell.data()))
                .thenComparing(BudgetCell::imagesPerClass)
                .thenComparing(BudgetCell::seed)
                .thenComparing(cell -> cell.minutes() != null)
                .thenComparing(cell -> methods.indexOf(cell.method()))
                .thenComparing(cell -> cell.minutes() == null ? 0 : cell.minutes());
    }

    private static String row(int number, BudgetCell cell) {
        Accuracy accuracy = cell.accuracy();
        return "| "
                + String.join(
                        " | ",
                        Integer.toString(number),
                        cell.data().replace("|", "\\|"),
                        Integer.toString(cell.imagesPerClass()),
                        cell.method(),
                        cell.minutes() == null ? NONE : minutes(cell.minutes()),
                        accuracy == null ? failure(cell) : percent(accuracy),
                        accuracy == null ? NONE : Integer.toString(accuracy.students()),
                        cell.iterations() == null ? NONE : Table.count(cell.iterations()),
                        share(cell.expertSeconds(), cell.seconds()),
                        Long.toString(cell.seed()))
                + " |";
    }

    private static String failure(BudgetCell cell) {
        return "none: " + String.valueOf(cell.failure()).replace("|", "\\|");
    }

    private static String percent(Accuracy accuracy) {
        return Table.decimal(100 * accuracy.mean(), 1) + " ± " + Table.decimal(100 * accuracy.spread(), 1) + " %";
    }

    private static String share(@Nullable Double part, @Nullable Double whole) {
        return part == null || whole == null || whole <= 0 ? NONE : Table.decimal(100 * part / whole, 0) + " %";
    }

    private static String command(int number, BudgetCell cell) {
        return number + ": " + (cell.command() == null ? NONE : cell.command());
    }

    /** A whole number of minutes without decimals. */
    static String minutes(double minutes) {
        return minutes == Math.rint(minutes) ? Long.toString((long) minutes) : Double.toString(minutes);
    }
}
