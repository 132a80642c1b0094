package io.reflux.bench;

import io.reflux.console.Figures;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What was simulated, for people and for programs.
 *
 * @param ends seconds at which the spans of time end
 * @param admitted images of all feeds admitted in each span
 */
record ScaleReport(
        ScaleOptions options,
        ScaleModel model,
        double[] ends,
        double[] admitted,
        ScaleRounds rounds,
        ScaleRounds.Outcome outcome) {
    /** A bound of the installation, and how much of it is used: 1 is all there is. */
    private record Limit(String name, String key, double used, String how) {}

    void print(Terminal terminal) {
        terminal.print(admissions());
        terminal.print("");
        terminal.print(rest());
        terminal.print("");
        terminal.print(limitTable());
    }

    Figures figures() {
        Figures figures = new Figures();
        double before = 0;
        for (int i = 0; i < ends.length; i++) {
            String span = "admitted." + Math.round(ends[i]) + "s";
            figures.put(span + ".images", admitted[i]).put(span + ".rate", admitted[i] / (ends[i] - before));
            before = ends[i];
        }
        figures.put("admitted.total", total())
                .put("record.image", model.imageRecordBytes())
                .put("record.progress", model.progressRecordBytes())
                .put("progress.rate", model.progressPerSecond())
                .put("filter.bytes", model.filterBytes())
                .put("reservoir.bytes", model.keptImages() * model.imageRecordBytes())
                .put("rounds.due", rounds.duePerHour())
                .put("rounds.capacity", rounds.capacityPerHour())
                .put("rounds.finished", outcome.finished())
                .put("rounds.starved", outcome.starved())
                .put("rounds.busy", outcome.busy());
        if (options.halfLife() == null) {
            figures.put("admitted.expected", expected());
        }
        if (outcome.gaps().length > 0) {
            figures.put("rounds.gap.p50", outcome.gap(0.5)).put("rounds.gap.p99", outcome.gap(0.99));
        }
        limits().forEach(limit -> figures.put("used." + limit.key, limit.used));
        return figures;
    }

    /** Admissions of all feeds by the closed form; without a half-life only. */
    double expected() {
        double images = options.rate() / options.feeds() / options.classes() * options.seconds();
        return options.feeds()
                * options.classes()
                * (ScaleAdmissions.expected(
                                images * (1 - options.holdOut()),
                                options.limits().perClass())
                        + ScaleAdmissions.expected(
                                images * options.holdOut(), options.limits().heldOutPerClass()));
    }

    double total() {
        double total = 0;
        for (double images : admitted) {
            total += images;
        }
        return total;
    }

    private Table admissions() {
        Table table = new Table().row("until", "admitted images/s", "of all", "MB/s into the reservoir topic");
        double before = 0;
        for (int i = 0; i < ends.length; i++) {
            double rate = admitted[i] / (ends[i] - before);
            table.row(
                    span(ends[i]),
                    Table.count(Math.round(rate)),
                    String.format(Locale.ROOT, "%.4f %%", 100 * rate / options.rate()),
                    Table.decimal(rate * model.imageRecordBytes() / 1e6, 1));
            before = ends[i];
        }
        table.row("admitted in all", Table.count(Math.round(total())));
        if (options.halfLife() == null) {
            table.row("by k·(1 + ln(n/k))", Table.count(Math.round(expected())));
        }
        return table;
    }

    private Table rest() {
        double reservoir = model.keptImages() * model.imageRecordBytes();
        return new Table()
                .row("images in", Table.decimal(options.rate() * options.shape().size() / 1e6, 1) + " MB/s")
                .row("a kept image's record", Table.count(model.imageRecordBytes()) + " bytes")
                .row("a progress record", Table.count(model.progressRecordBytes()) + " bytes")
                .row("progress records", Table.count(Math.round(model.progressPerSecond())) + " /s")
                .row("the reservoir topic, compacted", Table.decimal(reservoir / 1e9, 1) + " GB")
                .row("a feed's filter", Table.count(model.filterBytes()) + " bytes")
                .row("all filters, in each collector", Table.decimal(filters() / 1e9, 2) + " GB")
                .row("pixels of the samples a replica owns", Table.decimal(pixels() / 1e9, 2) + " GB")
                .row("feeds of the replica that owns most", Table.count(outcome.mostFeeds()))
                .row("rounds due", Table.decimal(rounds.duePerHour(), 1) + " /h")
                .row("rounds the devices can run", Table.decimal(rounds.capacityPerHour(), 1) + " /h")
                .row("rounds that ran", Table.count(outcome.finished()))
                .row("feeds without a round", Table.count(outcome.starved()))
                .row("between two rounds of a feed, p50", seconds(outcome.gap(0.5)))
                .row("between two rounds of a feed, p99", seconds(outcome.gap(0.99)));
    }

    private Table limitTable() {
        Table table = new Table().row("what limits first", "used", "of");
        limits().forEach(limit -> table.row(limit.name, Table.decimal(100 * limit.used, 1) + " %", limit.how));
        return table;
    }

    private List<Limit> limits() {
        double replicas = options.replicas();
        double span = ends.length > 1 ? ends[ends.length - 1] - ends[ends.length - 2] : ends[0];
        double admissions = admitted[admitted.length - 1] / span;
        // Whatever is admitted into a full class pushes another out, which gets a tombstone.
        double writes = 2 * admissions + model.progressPerSecond();
        return List.of(
                        new Limit(
                                "taking images",
                                "collectors",
                                options.rate() / replicas / options.replicaRate(),
                                Table.count(Math.round(options.replicaRate())) + " images/s a replica"),
                        new Limit(
                                "writing progress and samples",
                                "writes",
                                writes / replicas / options.writeRate(),
                                Table.count(Math.round(options.writeRate())) + " records/s a replica"),
                        new Limit(
                                "rounds",
                                "rounds",
                                rounds.duePerHour() / rounds.capacityPerHour(),
                                Table.decimal(rounds.capacityPerHour(), 0) + " rounds/h"),
                        new Limit(
                                "filters and samples in memory",
                                "heap",
                                (filters() + pixels()) / options.heapBytes(),
                                Table.decimal(options.heapBytes() / 1e9, 1) + " GB a replica"))
                .stream()
                .sorted(Comparator.comparingDouble(Limit::used).reversed())
                .toList();
    }

    private double filters() {
        return (double) options.feeds() * model.filterBytes();
    }

    private double pixels() {
        return model.keptImages()
                / options.feeds()
                * outcome.mostFeeds()
                * options.shape().size();
    }

    private static String span(double seconds) {
        return seconds < 60
                ? Table.decimal(seconds, 0) + " s"
                : seconds < 3600 ? Table.decimal(seconds / 60, 0) + " min" : Table.decimal(seconds / 3600, 0) + " h";
    }

    private static String seconds(double seconds) {
        return Double.isNaN(seconds) ? "-" : Table.count(Math.round(seconds)) + " s";
    }
}
