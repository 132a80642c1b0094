package io.reflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.Ink;
import io.reflux.console.JsonOption;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a running service is. */
@Command(
        name = "status",
        sortOptions = false,
        description = {
            "Tells whether a running service is ready, and how its feeds are.",
            "Ends with exit code 1 when it is not ready, or does not answer."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux status                            the service on this machine",
            "  reflux status --url http://reflux:8080   another one",
            "  reflux status --feed cars                one feed in full",
            "  reflux status --json | jq .ready         for programs"
        })
final class StatusCommand extends ConsoleCommand {
    private static final int MOST = 50;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--feed", paramLabel = "NAME", description = "Of this feed alone, and in full.")
    private @Nullable String feed;

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) {
        json.prepare(terminal);
        ServiceClient client = service.client();
        JsonNode health = client.health("q/health/ready");
        List<String> down = down(health);
        terminal.print(client.base() + (down.isEmpty() ? " is ready" : " is not ready"));
        terminal.print(checks(health));
        ArrayNode reports = reports(client);
        if (!reports.isEmpty()) {
            terminal.print("");
            terminal.print(feed == null ? FeedTables.overview(reports) : FeedTables.whole(reports.get(0)));
        }
        Figures figures = new Figures().put("url", client.base().toString());
        figures.json().put("ready", down.isEmpty());
        figures.json().set("checks", health.path("checks"));
        figures.json().set("feeds", reports);
        json.write(figures, terminal);
        if (!down.isEmpty()) {
            throw CommandException.failure(
                    "the service at " + client.base() + " is not ready: " + String.join(", ", down) + " is down");
        }
    }

    private ArrayNode reports(ServiceClient client) {
        ArrayNode reports = JsonNodeFactory.instance.arrayNode();
        if (feed != null) {
            return reports.add(client.get(ServiceClient.feedPath(feed)));
        }
        for (JsonNode summary : client.get(ServiceClient.FEEDS)) {
            if (reports.size() < MOST) {
                reports.add(
                        client.get(ServiceClient.feedPath(summary.path("feed").asText())));
            }
        }
        return reports;
    }

    private static List<String> down(JsonNode health) {
        List<String> down = new ArrayList<>();
        for (JsonNode check : health.path("checks")) {
            if (!check.path("status").asText().equals("UP")) {
                down.add(check.path("name").asText());
            }
        }
        return down;
    }

    private static Table checks(JsonNode health) {
        Table table = new Table().words(1).ink(1, Ink::ofState);
        for (JsonNode check : health.path("checks")) {
            table.row(check.path("name").asText(), check.path("status").asText().toLowerCase(Locale.ROOT));
        }
        return table;
    }
}
