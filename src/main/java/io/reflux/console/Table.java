package io.reflux.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows whose columns align: the first column to the left, the others to the right unless they are words. */
public final class Table {
    private static final String GAP = "  ";
    private static final String CUT = "…";
    private static final int SHORTEST = 8;
    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> words = new HashSet<>(Set.of(0));
    private final Map<Integer, Function<String, @Nullable Ink>> inks = new HashMap<>();

    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** An empty line. */
    public Table gap() {
        rows.add(List.of());
        return this;
    }

    /** Columns of words, which align to the left and are cut where the table is too wide for its terminal. */
    public Table words(Integer... columns) {
        words.addAll(List.of(columns));
        return this;
    }

    /** How the cells of a column are coloured on a terminal; null: not. */
    public Table ink(int column, Function<String, @Nullable Ink> ink) {
        inks.put(column, ink);
        return this;
    }

    /** Without colours, however wide. */
    public String text() {
        return text(Integer.MAX_VALUE, false);
    }

    /** @param width of the terminal in characters */
    public String text(int width, boolean colours) {
        int[] widths = widths();
        fit(widths, width);
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add(line(row, widths, colours));
        }
        return String.join(System.lineSeparator(), lines);
    }

    private int[] widths() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    /** Takes from the widest column of words until the table fits or they all are short. */
    private void fit(int[] widths, int width) {
        int total = -GAP.length();
        for (int column : widths) {
            total += column + GAP.length();
        }
        for (; total > width; total--) {
            int widest = -1;
            for (int column : words) {
                if (column < widths.length
                        && widths[column] > SHORTEST
                        && (widest < 0 || widths[column] > widths[widest])) {
                    widest = column;
                }
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private String line(List<String> row, int[] widths, boolean colours) {
        StringBuilder line = new StringBuilder();
        int pending = 0;
        for (int column = 0; column < row.size(); column++) {
            String cell = cut(row.get(column), widths[column]);
            int padding = widths[column] - cell.length();
            pending += column == 0 ? 0 : GAP.length();
            int before = words.contains(column) ? 0 : padding;
            if (!cell.isEmpty()) {
                line.append(" ".repeat(pending + before)).append(coloured(cell, row.get(column), column, colours));
                pending = padding - before;
            } else {
                pending += padding;
            }
        }
        return line.toString().stripTrailing();
    }

    private String coloured(String cell, String whole, int column, boolean colours) {
        Ink ink = colours && inks.containsKey(column) ? inks.get(column).apply(whole) : null;
        return ink == null ? cell : ink.on(cell);
    }

    private static String cut(String cell, int width) {
        return cell.length() <= width ? cell : cell.substring(0, width - 1) + CUT;
    }

    /** A whole number with separators of thousands. */
    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A number with this many decimals. */
    public static String decimal(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** A fraction as a percentage. */
    public static String percent(double fraction) {
        return decimal(100 * fraction, 1) + " %";
    }
}
