package io.reflux.console;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command with the options that every command has. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = ExitCodes.HEADING,
        exitCodeList = {
            ExitCodes.OK_TEXT,
            ExitCodes.FAILURE_TEXT,
            ExitCodes.USAGE_TEXT,
            ExitCodes.INTERRUPTED_TEXT,
            ExitCodes.TERMINATED_TEXT
        })
public abstract class ConsoleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-q", "--quiet"},
            description = "Write the result only, no progress.")
    private boolean quiet;

    @Option(names = "--stacktrace", description = "When it fails, tell where (REFLUX_DEBUG=1 does the same).")
    private boolean stacktrace;

    /** Does what the command is for; whatever it throws is told in one sentence. */
    protected abstract void run(Terminal terminal) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Terminal terminal = ((TopCommand) spec.root().userObject()).terminal();
        if (quiet) {
            terminal.beQuiet();
        }
        run(terminal);
        return ExitCodes.OK;
    }

    public final boolean traces() {
        return stacktrace;
    }

    public final boolean isQuiet() {
        return quiet;
    }
}
