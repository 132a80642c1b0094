package io.reflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Ink;
import io.reflux.console.JsonOption;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The rounds of a feed of a running service. */
@Command(
        name = "rounds",
        sortOptions = false,
        description = "Lists the last rounds of a feed of a running service; starts or cancels one.",
        subcommands = {RoundsCommand.StartCommand.class, RoundsCommand.CancelCommand.class},
        synopsisSubcommandLabel = "[COMMAND]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux rounds --feed cars                the last ones, newest first",
            "  reflux rounds --feed cars --limit 200    all that are remembered",
            "  reflux rounds --feed cars --json | jq '.[0].reason'",
            "  reflux rounds start --feed cars          asks for one; it begins when its turn comes",
            "  reflux rounds cancel --feed cars         asks the one that runs or waits to stop",
            "",
            "'reflux rounds COMMAND --help' tells more about each command."
        })
final class RoundsCommand extends ConsoleCommand {
    private static final String NONE = "-";

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Mixin
    private FeedOption feed = new FeedOption();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Rounds at most (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) {
        if (limit < 1) {
            throw CommandException.usage("--limit is " + limit + ", must be at least 1");
        }
        json.prepare(terminal);
        JsonNode rounds = service.client().get(ServiceClient.feedPath(feed.name(), "rounds") + "?limit=" + limit);
        if (rounds.isEmpty()) {
            terminal.print("feed '" + feed.name() + "' has had no round; 'reflux rounds start' asks for one");
        } else {
            terminal.print(table(rounds));
        }
        json.write(rounds, terminal);
    }

    private static Table table(JsonNode rounds) {
        Table table = new Table()
                .row("state", "by", "began", "seconds", "generation", "accuracy", "remark")
                .words(1, 2, 6)
                .ink(0, Ink::ofState);
        for (JsonNode round : rounds) {
            table.row(
                    round.path("state").asText(),
                    round.path("trigger").asText(),
                    began(round),
                    seconds(round),
                    round.path("generation").asText(NONE),
                    FeedTables.accuracy(round.at("/accuracy/distilled")),
                    round.path("reason").asText());
        }
        return table;
    }

    private static String began(JsonNode round) {
        return round.has("started")
                ? time(round, "started").truncatedTo(ChronoUnit.SECONDS).toString()
                : NONE;
    }

    private static String seconds(JsonNode round) {
        if (!round.has("started") || !round.has("ended")) {
            return NONE;
        }
        Duration took = Duration.between(time(round, "started"), time(round, "ended"));
        return Table.decimal(took.toMillis() / 1e3, 1);
    }

    private static Instant time(JsonNode round, String name) {
        return Instant.parse(round.path(name).asText());
    }

    /** Asks for a round. */
    @Command(
            name = "start",
            sortOptions = false,
            description = "Asks for a round; it begins when its turn comes.",
            footerHeading = "%nExamples:%n",
            footer = {"  reflux rounds start --feed cars"})
    static final class StartCommand extends RoundOrder {
        StartCommand() {
            super("is requested", "POST", "rounds");
        }
    }

    /** Stops a round. */
    @Command(
            name = "cancel",
            sortOptions = false,
            description = "Asks the round that runs or waits to stop.",
            footerHeading = "%nExamples:%n",
            footer = {"  reflux rounds cancel --feed cars"})
    static final class CancelCommand extends RoundOrder {
        CancelCommand() {
            super("is asked to stop", "DELETE", "rounds", "current");
        }
    }
}
