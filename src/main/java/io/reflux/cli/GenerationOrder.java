package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.Terminal;
import io.reflux.rounds.Rounds;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks the owner of a feed something of one of its generations, and waits for the answer. */
abstract class GenerationOrder extends ConsoleCommand {
    private final Type order;
    private final String done;

    @Mixin
    private KafkaOptions kafka = new KafkaOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(names = "--generation", required = true, paramLabel = "N", description = "The generation that is meant.")
    private long generation;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait for the owner of the feed (default: ${DEFAULT-VALUE}).")
    private int timeout;

    /** @param done what is said of the generation afterwards */
    GenerationOrder(Type order, String done) {
        this.order = order;
        this.done = done;
    }

    /** Asks whether it is meant; nothing to ask unless said otherwise. */
    void confirm(Terminal terminal, String feed, long number) {}

    @Override
    protected final void run(Terminal terminal) {
        json.prepare(terminal);
        kafka.requireTopic(kafka.topics().rounds());
        confirm(terminal, kafka.feed(), generation);
        RoundEvent answer = ask(terminal);
        if (answer.type() == Type.DECLINED) {
            throw CommandException.failure(
                    Objects.requireNonNullElse(answer.detail().reason(), "it was declined"));
        }
        terminal.print("generation " + generation + " of feed '" + kafka.feed() + "' " + done);
        json.write(
                new Figures()
                        .put("feed", kafka.feed())
                        .put("generation", generation)
                        .put("outcome", answer.type().text()),
                terminal);
    }

    private RoundEvent ask(Terminal terminal) {
        try (RoundFollower follower = new RoundFollower(kafka.properties(), kafka.topics(), kafka.feed(), terminal);
                Rounds rounds = new Rounds(kafka.properties(), kafka.topics(), follower.partitions())) {
            RoundEvent request = rounds.ask(order, kafka.feed(), generation);
            return follower.answer(request.round(), Duration.ofSeconds(timeout));
        } catch (KafkaException e) {
            throw CommandException.failure(
                    "the request could not be written to " + kafka.topics().rounds() + " at " + kafka.bootstrap() + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
