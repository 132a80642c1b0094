package io.reflux.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import io.reflux.bench.BenchCommand;
import io.reflux.console.CommandException;
import io.reflux.console.ExitCodes;
import io.reflux.console.Terminal;
import io.reflux.console.TopCommand;
import io.reflux.console.Version;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The top command, and the start of the process.
 *
 * <p>Quarkus leaves the start to this class, so that the commands that need no service (all but {@code serve} and
 * {@code demo}) open no port, no channel and no scheduler, and begin at once.
 */
@QuarkusMain
@Command(
        name = "reflux",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Compacts streams of labelled images into tiny synthetic training sets.",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            ProduceCommand.class,
            ConsumeCommand.class,
            StatusCommand.class,
            FeedsCommand.class,
            RoundsCommand.class,
            GenerationsCommand.class,
            EraseCommand.class,
            DeadLettersCommand.class,
            DistillCommand.class,
            EvaluateCommand.class,
            SearchCommand.class,
            BenchCommand.class,
            CompletionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {
            ExitCodes.OK_TEXT,
            ExitCodes.FAILURE_TEXT,
            ExitCodes.USAGE_TEXT,
            ExitCodes.INTERRUPTED_TEXT,
            ExitCodes.TERMINATED_TEXT
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux demo                                        the whole way, on images it draws itself",
            "  reflux demo --data fashion-mnist --ipc 1 --seed 1  the same on a data set on disk",
            "  reflux serve --demo                                the service with a feed of its own, to look at",
            "  reflux serve                                       the service, with a broker of its own",
            "  reflux status                                      how it is",
            "  reflux produce --data DIR                          send a data set to the service",
            "  reflux consume --out set.safetensors               fetch what it made of it",
            "  reflux distill --data DIR --out set.safetensors    distil without Kafka",
            "",
            "'reflux COMMAND --help' tells more about each command."
        })
public final class Reflux implements Runnable, TopCommand {
    private final Terminal terminal;

    public Reflux() {
        this(Terminal.ofProcess());
    }

    Reflux(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Runs a command line and ends the process with its exit code. */
    public static void main(String... arguments) {
        QuietLogging.install();
        System.exit(execute(Terminal.ofProcess(), arguments));
    }

    /** Runs a command line and gives its exit code. */
    static int execute(Terminal terminal, String... arguments) {
        CommandLine line = commandLine(terminal);
        try {
            return line.execute(arguments);
        } catch (Error error) {
            // picocli hands exceptions to Failures, but not what is no exception: no memory, no native library
            return new Failures(terminal).report(error, false);
        }
    }

    private static CommandLine commandLine(Terminal terminal) {
        Failures failures = new Failures(terminal);
        PrintWriter writer = new PrintWriter(terminal.results(), true, StandardCharsets.UTF_8);
        return new CommandLine(new Reflux(terminal))
                .setOut(writer)
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.isColoured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    @Override
    public Terminal terminal() {
        return terminal;
    }

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public void run() {
        throw CommandException.usage(
                "say which command to run: demo, serve, produce, consume, status, feeds, rounds, generations, erase,"
                        + " dead-letters, distill, evaluate, search, bench or completion ('reflux --help' shows them, 'reflux demo' is the place to start)");
    }
}
