package io.reflux.console;

import org.jspecify.annotations.Nullable;

/** What ends a command: one sentence for the person who called it, naming what is wrong and the way out. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    private CommandException(int exitCode, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    /** The work failed. */
    public static CommandException failure(String sentence) {
        return new CommandException(ExitCodes.FAILURE, sentence, null);
    }

    public static CommandException failure(String sentence, Throwable cause) {
        return new CommandException(ExitCodes.FAILURE, sentence, cause);
    }

    /** The command line asks for something that cannot be. */
    public static CommandException usage(String sentence) {
        return new CommandException(ExitCodes.USAGE, sentence, null);
    }

    public int exitCode() {
        return exitCode;
    }
}
