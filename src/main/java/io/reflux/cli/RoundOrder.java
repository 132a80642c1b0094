package io.reflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.JsonOption;
import io.reflux.console.Terminal;
import picocli.CommandLine.Mixin;

/** Something that is asked of a running service about the rounds of a feed. */
abstract class RoundOrder extends ConsoleCommand {
    private final String method;
    private final String[] path;
    private final String done;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Mixin
    private FeedOption feed = new FeedOption();

    @Mixin
    private JsonOption json = new JsonOption();

    /** @param done what is said of the round afterwards */
    RoundOrder(String done, String method, String... path) {
        this.done = done;
        this.method = method;
        this.path = path;
    }

    @Override
    protected final void run(Terminal terminal) {
        json.prepare(terminal);
        JsonNode answer = service.client().order(method, ServiceClient.feedPath(feed.name(), path));
        terminal.print("round " + answer.path("round").asText() + " of feed '" + feed.name() + "' " + done);
        json.write(answer, terminal);
    }
}
