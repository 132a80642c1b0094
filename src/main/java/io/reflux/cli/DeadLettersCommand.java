package io.reflux.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.Meter;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.console.Version;
import io.reflux.intake.DeadLetterReplay;
import io.reflux.wire.Rejection;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is done to records that could not be taken. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Sends records again that could not be taken.",
        subcommands = DeadLettersCommand.ReplayCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux dead-letters replay --feed cars --dry-run      counts what would be sent again",
            "",
            "'reflux dead-letters COMMAND --help' tells more about each command."
        })
final class DeadLettersCommand implements Runnable {
    @Override
    public void run() {
        throw CommandException.usage("say what to do: replay ('reflux dead-letters --help' shows how)");
    }

    /** Sends dead letters to the images topic again. */
    @Command(
            name = "replay",
            sortOptions = false,
            description = "Sends dead letters to the images topic again, as they came, each once.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  reflux dead-letters replay --feed cars --reason class-not-declared",
                "                                          after the class has been declared",
                "  reflux dead-letters replay --all-feeds --since 2026-03-01T00:00:00Z --dry-run",
                "                                          counts what would be sent, and sends nothing",
                "",
                "Interrupted, the same command goes on where it stopped. The same choice is the same replay: a later run",
                "sends what was dead-lettered since. --name keeps several replays of one choice apart.",
                "An image without an event gets its new place on the topic as its identity, and a new time."
            })
    static final class ReplayCommand extends ConsoleCommand {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();

        @Mixin
        private JsonOption json = new JsonOption();

        @Option(names = "--all-feeds", description = "Of every feed, whatever --feed says.")
        private boolean allFeeds;

        @Option(
                names = "--reason",
                split = ",",
                paramLabel = "REASON",
                description = "Why they were not taken, such as undecodable; may be repeated (default: any).")
        private Set<String> reasons = new LinkedHashSet<>();

        @Option(names = "--since", paramLabel = "TIME", description = "Dead-lettered at this time or later.")
        private @Nullable Instant since;

        @Option(names = "--until", paramLabel = "TIME", description = "Dead-lettered before this time.")
        private @Nullable Instant until;

        @Option(
                names = "--name",
                paramLabel = "NAME",
                description =
                        "Of the replay; the same name goes on where it stopped (default: follows from the choice).")
        private @Nullable String name;

        @Option(names = "--dry-run", description = "Count, and send nothing.")
        private boolean dry;

        @Override
        protected void run(Terminal terminal) {
            checkReasons();
            json.prepare(terminal);
            kafka.requireTopic(kafka.topics().deadLetters());
            kafka.requireTopic(kafka.topics().images());
            DeadLetterReplay.Choice choice =
                    new DeadLetterReplay.Choice(allFeeds ? null : kafka.feed(), reasons, since, until);
            DeadLetterReplay replay = new DeadLetterReplay(kafka.properties(), kafka.topics(), choice, name);
            try {
                report(dry ? replay.preview() : send(replay, terminal), replay, terminal);
            } catch (KafkaException e) {
                throw CommandException.failure(
                        "the replay '" + replay.name() + "' stopped: " + e.getMessage()
                                + "; the same command goes on where it stopped",
                        e);
            }
        }

        private static DeadLetterReplay.Outcome send(DeadLetterReplay replay, Terminal terminal) {
            try (Progress progress = new Progress(terminal)) {
                return replay.run(progress);
            }
        }

        private void report(DeadLetterReplay.Outcome outcome, DeadLetterReplay replay, Terminal terminal) {
            Table table = new Table().words(1);
            outcome.letters()
                    .forEach((feed, counts) ->
                            counts.forEach((reason, count) -> table.row(feed, reason, Table.count(count))));
            if (outcome.total() > 0) {
                terminal.print(table);
            }
            terminal.print((dry ? "would send " : "sent ") + Table.count(outcome.total()) + " dead letters to "
                    + kafka.topics().images() + " again (replay '" + replay.name() + "')");
            Figures figures = new Figures()
                    .put("replay", replay.name())
                    .put("outcome", dry ? "counted" : "sent")
                    .put("letters", outcome.total());
            ObjectNode feeds = figures.json().putObject("feeds");
            outcome.letters().forEach((feed, counts) -> counts.forEach(feeds.withObjectProperty(feed)::put));
            json.write(figures, terminal);
        }

        private void checkReasons() {
            Set<String> known = Arrays.stream(Rejection.Reason.values())
                    .map(Rejection.Reason::text)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            for (String reason : reasons) {
                if (!known.contains(reason)) {
                    throw CommandException.usage(
                            "--reason names '" + reason + "'; there are " + String.join(", ", known));
                }
            }
        }
    }

    /** A meter that begins when it is known how many there are. */
    private static final class Progress implements DeadLetterReplay.Listener, AutoCloseable {
        private final Terminal terminal;
        private Meter meter = Meter.SILENT;

        private Progress(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void meant(long letters) {
            meter = terminal.meter("sending again", "letters", letters);
        }

        @Override
        public void sent(long letters) {
            meter.at(letters, "");
        }

        @Override
        public void close() {
            meter.close();
        }
    }
}
