package io.reflux.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.console.Version;
import io.reflux.rounds.GenerationReader;
import io.reflux.rounds.Standing;
import io.reflux.wire.Manifest;
import io.reflux.wire.RoundEvent.Type;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What is done to published generations. */
@Command(
        name = "generations",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Lists the generations of a feed, keeps one for good, or goes back to one.",
        subcommands = {
            GenerationsCommand.ListCommand.class,
            GenerationsCommand.PinCommand.class,
            GenerationsCommand.UnpinCommand.class,
            GenerationsCommand.RollbackCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux generations list --feed cars                   what stands on the topic",
            "  reflux generations pin --feed cars --generation 4     keeps 4 however many follow",
            "  reflux generations rollback --generation 4 --yes      makes 4 the current one",
            "",
            "'reflux generations COMMAND --help' tells more about each command."
        })
final class GenerationsCommand implements Runnable {
    @Override
    public void run() {
        throw CommandException.usage(
                "say what to do: list, pin, unpin or rollback ('reflux generations --help' shows how)");
    }

    /** Shows what stands. */
    @Command(
            name = "list",
            sortOptions = false,
            description = "Lists the generations of a feed that stand on the topic.",
            footerHeading = "%nExamples:%n",
            footer = {"  reflux generations list --feed cars"})
    static final class ListCommand extends ConsoleCommand {
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();

        @Mixin
        private JsonOption json = new JsonOption();

        @Override
        protected void run(Terminal terminal) {
            json.prepare(terminal);
            kafka.requireTopic(kafka.topics().distilled());
            Standing standing =
                    new GenerationReader(kafka.bootstrap(), kafka.topics(), kafka.properties()).standing(kafka.feed());
            if (standing.manifests().isEmpty()) {
                terminal.print("feed '" + kafka.feed() + "' has no generation");
            } else {
                terminal.print(table(standing));
            }
            json.write(json(standing), terminal);
        }

        private static Table table(Standing standing) {
            Table table = new Table()
                    .row("generation", "images", "accuracy", "published", "")
                    .words(4);
            for (Manifest manifest : standing.live()) {
                boolean current = standing.current()
                        .filter(number -> number == manifest.generation())
                        .isPresent();
                boolean pinned = standing.pinned().contains(manifest.generation());
                table.row(
                        Long.toString(manifest.generation()),
                        Table.count(manifest.out().images()),
                        Table.percent(manifest.accuracy().distilled().mean()),
                        manifest.time().toString(),
                        (current ? "current" : "") + (current && pinned ? ", " : "") + (pinned ? "pinned" : ""));
            }
            return table;
        }

        private static ArrayNode json(Standing standing) {
            ArrayNode generations = JsonNodeFactory.instance.arrayNode();
            for (Manifest manifest : standing.live()) {
                generations.add(new Figures()
                        .put("generation", manifest.generation())
                        .put("images", manifest.out().images())
                        .put("bytes", manifest.out().bytes())
                        .put("accuracy", manifest.accuracy().distilled().mean())
                        .put("time", manifest.time().toString())
                        .json()
                        .put("current", standing.current().equals(Optional.of(manifest.generation())))
                        .put("pinned", standing.pinned().contains(manifest.generation())));
            }
            return generations;
        }
    }

    /** Keeps a generation. */
    @Command(
            name = "pin",
            sortOptions = false,
            description = "Keeps a generation on the topic however many follow.",
            footerHeading = "%nExamples:%n",
            footer = {"  reflux generations pin --feed cars --generation 4"})
    static final class PinCommand extends GenerationOrder {
        PinCommand() {
            super(Type.PIN_REQUESTED, "is pinned");
        }
    }

    /** Lets a generation go. */
    @Command(
            name = "unpin",
            sortOptions = false,
            description = "Lets a generation go with its turn again.",
            footerHeading = "%nExamples:%n",
            footer = {"  reflux generations unpin --feed cars --generation 4"})
    static final class UnpinCommand extends GenerationOrder {
        UnpinCommand() {
            super(Type.UNPIN_REQUESTED, "is not pinned any more");
        }
    }

    /** Makes another generation the current one. */
    @Command(
            name = "rollback",
            sortOptions = false,
            description = "Makes another generation that still stands the current one.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  reflux generations rollback --feed cars --generation 4",
                "",
                "The generations after it stay until their turn; the next round goes on from this one."
            })
    static final class RollbackCommand extends GenerationOrder {
        @Mixin
        private Confirmation confirmation = new Confirmation();

        RollbackCommand() {
            super(Type.ROLLBACK_REQUESTED, "is the current one");
        }

        @Override
        void confirm(Terminal terminal, String feed, long generation) {
            confirmation.require(
                    terminal, "this makes generation " + generation + " of feed '" + feed + "' the current one");
        }
    }
}
