package io.reflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.reflux.console.Table;
import java.util.Map;

/** Feeds, as the API reports them, in tables. */
final class FeedTables {
    private static final String NONE = "-";

    private FeedTables() {}

    /** A row a summary. */
    static Table summaries(JsonNode feeds) {
        Table table = new Table().row("feed", "images", "bytes", "generation");
        for (JsonNode feed : feeds) {
            table.row(
                    feed.path("feed").asText(),
                    Table.count(feed.path("images").asLong()),
                    Table.count(feed.path("bytes").asLong()),
                    feed.path("generation").asText(NONE));
        }
        return table;
    }

    /** A row a report. */
    static Table overview(JsonNode reports) {
        Table table = new Table()
                .row("feed", "images", "rejected", "kept", "generation", "accuracy", "round")
                .words(6);
        for (JsonNode report : reports) {
            table.row(
                    report.path("feed").asText(),
                    Table.count(report.at("/in/images").asLong()),
                    Table.count(sum(report.path("rejects"))),
                    Table.count(sum(report.path("sample"))),
                    report.at("/generation/generation").asText(NONE),
                    accuracy(report.at("/generation/accuracy/distilled")),
                    round(report));
        }
        return table;
    }

    /** Everything in one report. */
    static Table whole(JsonNode report) {
        Table table = new Table()
                .row("feed", report.path("feed").asText())
                .row("images", Table.count(report.at("/in/images").asLong()))
                .row("bytes", Table.count(report.at("/in/bytes").asLong()))
                .row("rejected", Table.count(sum(report.path("rejects"))));
        rows(table, report.path("rejects"));
        if (report.has("lag")) {
            table.row(
                    "wait to be taken (all feeds)",
                    Table.count(report.path("lag").asLong()));
        }
        table.row("kept", Table.count(sum(report.path("sample"))));
        rows(table, report.path("sample"));
        if (report.has("sample-time")) {
            table.row("taken on average at", report.at("/sample-time/mean").asText())
                    .row("the newest at", report.at("/sample-time/newest").asText());
        }
        table.row("round", round(report));
        JsonNode generation = report.path("generation");
        if (!generation.isMissingNode()) {
            table.row("generation", generation.path("generation").asText())
                    .row("published", generation.path("time").asText())
                    .row("accuracy of the distilled set", accuracy(generation.at("/accuracy/distilled")))
                    .row("… of random real images", accuracy(generation.at("/accuracy/random")))
                    .row("… of the whole sample", accuracy(generation.at("/accuracy/sample")))
                    .row("images out", Table.count(generation.at("/out/images").asLong()))
                    .row("bytes out", Table.count(generation.at("/out/bytes").asLong()));
        }
        return table.words(1);
    }

    /** Stage and progress of the round that runs, or how the last one ended. */
    private static String round(JsonNode report) {
        JsonNode current = report.path("current");
        if (current.isMissingNode()) {
            return report.at("/last/outcome").asText(NONE);
        }
        String stage = current.path("stage").asText(current.path("state").asText());
        long total = current.path("total").asLong();
        return total == 0 ? stage : stage + " " + current.path("done").asLong() + "/" + total;
    }

    static String accuracy(JsonNode accuracy) {
        return accuracy.isMissingNode()
                ? NONE
                : Table.percent(accuracy.path("mean").asDouble());
    }

    private static void rows(Table table, JsonNode counts) {
        for (Map.Entry<String, JsonNode> count : counts.properties()) {
            table.row("  " + count.getKey(), Table.count(count.getValue().asLong()));
        }
    }

    private static long sum(JsonNode counts) {
        long sum = 0;
        for (JsonNode count : counts) {
            sum += count.asLong();
        }
        return sum;
    }
}
