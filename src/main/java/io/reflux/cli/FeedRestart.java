package io.reflux.cli;

import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.Terminal;
import io.reflux.reservoir.Forgetting;
import picocli.CommandLine.Mixin;

/** Tells owners and collectors that a feed begins anew. */
abstract class FeedRestart extends ConsoleCommand {
    private final boolean delete;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Mixin
    private JsonOption json = new JsonOption();

    FeedRestart(boolean delete) {
        this.delete = delete;
    }

    @Override
    protected final void run(Terminal terminal) {
        json.prepare(terminal);
        kafka.requireTopic(kafka.topics().reservoir());
        confirmation.require(
                terminal,
                "this forgets the sample and the counts" + (delete ? ", the generations and the rounds" : "")
                        + " of feed '" + kafka.feed() + "' at " + kafka.bootstrap() + " for good");
        try (Forgetting forgetting = new Forgetting(kafka.properties(), kafka.topics())) {
            forgetting.restart(kafka.feed(), delete);
        }
        String outcome = delete ? "deleted" : "reset";
        terminal.print(
                "feed '" + kafka.feed() + "' is " + outcome + "; what was sent until now does not count any more");
        json.write(new Figures().put("feed", kafka.feed()).put("outcome", outcome), terminal);
    }
}
