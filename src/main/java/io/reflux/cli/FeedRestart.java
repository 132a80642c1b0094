package io.reflux.cli;

import io.reflux.stream.Forgetting;
import picocli.CommandLine.Mixin;

/** Tells owners and collectors that a feed begins anew. */
abstract class FeedRestart extends ConsoleCommand {
    private final boolean delete;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    FeedRestart(boolean delete) {
        this.delete = delete;
    }

    @Override
    final void run(Terminal terminal) {
        kafka.requireTopic(kafka.topics().reservoir());
        confirmation.require(
                terminal,
                "this forgets the sample and the counts" + (delete ? ", the generations and the rounds" : "")
                        + " of feed '" + kafka.feed() + "' at " + kafka.bootstrap() + " for good");
        try (Forgetting forgetting = new Forgetting(kafka.properties(), kafka.topics())) {
            forgetting.restart(kafka.feed(), delete);
        }
        terminal.print("feed '" + kafka.feed() + "' is " + (delete ? "deleted" : "reset")
                + "; what was sent until now does not count any more");
    }
}
