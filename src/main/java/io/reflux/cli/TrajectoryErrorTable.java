package io.reflux.cli;

import io.reflux.console.Figures;
import io.reflux.console.Table;
import io.reflux.distill.Spread;
import io.reflux.distill.TrajectoryErrorReport;
import io.reflux.distill.TrajectoryErrorReport.Segment;
import java.util.List;

/**
 * The errors of a set along experts, as a table and as figures.
 *
 * @param experts of each kind
 */
record TrajectoryErrorTable(TrajectoryErrorReport report, int experts) {
    String text() {
        Table table = new Table()
                .row("expert epochs", "experts", "matching", "accumulated", "carried over", "initialisation");
        addRows(table, "flat", report.flat());
        addRows(table, "plain", report.plain());
        return table.text() + System.lineSeparator()
                + "in units of the way an expert goes in the segment; mean ± deviation over " + experts
                + " experts of each kind";
    }

    void addTo(Figures figures) {
        figures.put("experts", experts);
        addFigures(figures, "flat", report.flat());
        addFigures(figures, "plain", report.plain());
    }

    private static void addRows(Table table, String kind, List<Segment> segments) {
        for (Segment segment : segments) {
            table.row(
                    segment.from() + " to " + segment.to(),
                    kind,
                    cell(segment.matching()),
                    cell(segment.accumulated()),
                    cell(segment.carried()),
                    cell(segment.initialisation()));
        }
    }

    private static String cell(Spread spread) {
        return Table.decimal(spread.mean(), 3) + " ± " + Table.decimal(spread.deviation(), 3);
    }

    private static void addFigures(Figures figures, String kind, List<Segment> segments) {
        for (Segment segment : segments) {
            String path = "trajectory-error." + kind + ".epoch" + segment.to();
            put(figures, path + ".matching", segment.matching());
            put(figures, path + ".accumulated", segment.accumulated());
            put(figures, path + ".carried", segment.carried());
            put(figures, path + ".initialisation", segment.initialisation());
        }
    }

    private static void put(Figures figures, String path, Spread spread) {
        figures.put(path + ".mean", spread.mean());
        figures.put(path + ".deviation", spread.deviation());
    }
}
