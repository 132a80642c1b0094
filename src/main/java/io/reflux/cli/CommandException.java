package io.reflux.cli;

import org.jspecify.annotations.Nullable;

/** What ends a command: one sentence for the person who called it, naming what is wrong and the way out. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int exitCode;

    private CommandException(int exitCode, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    /** The work failed. */
    static CommandException failure(String sentence) {
        return new CommandException(ExitCodes.FAILURE, sentence, null);
    }

    static CommandException failure(String sentence, Throwable cause) {
        return new CommandException(ExitCodes.FAILURE, sentence, cause);
    }

    /** The command line asks for something that cannot be. */
    static CommandException usage(String sentence) {
        return new CommandException(ExitCodes.USAGE, sentence, null);
    }

    int exitCode() {
        return exitCode;
    }
}
