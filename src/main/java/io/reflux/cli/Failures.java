package io.reflux.cli;

import io.reflux.config.InvalidConfigurationException;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.ExitCodes;
import io.reflux.console.Terminal;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.InvalidSettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command into one sentence and an exit code; the stack trace is for those who ask. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final String DEBUG = "REFLUX_DEBUG";
    private final Terminal terminal;

    Failures(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        terminal.fail(firstLine(failure.getMessage()) + suggestion(failure) + " ('" + name + " --help' shows how)");
        return ExitCodes.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        boolean traced = command.getCommand() instanceof ConsoleCommand console && console.traces();
        return report(failure, traced);
    }

    /** Says what happened and gives the exit code. */
    int report(Throwable failure, boolean traced) {
        if (failure instanceof DistillationCancelledException) {
            return ExitCodes.INTERRUPTED; // all has been said where it was noticed
        }
        terminal.fail(sentence(failure));
        String debug = System.getenv(DEBUG);
        if (traced || debug != null && !debug.isBlank()) {
            terminal.trace(failure);
        }
        return exitCode(failure);
    }

    static int exitCode(Throwable failure) {
        if (failure instanceof CommandException command) {
            return command.exitCode();
        }
        boolean setting =
                failure instanceof InvalidSettingsException || failure instanceof InvalidConfigurationException;
        return setting ? ExitCodes.USAGE : ExitCodes.FAILURE;
    }

    static String sentence(Throwable failure) {
        if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
            return sentence(unchecked.getCause());
        }
        if (failure instanceof OutOfMemoryError) {
            return "the memory is used up; take fewer images (--per-class), a narrower network (--width), or give the"
                    + " machine more by REFLUX_JAVA_OPTS=-Xmx…";
        }
        if (failure instanceof FileSystemException file) {
            return fileSentence(file);
        }
        String message = failure.getMessage();
        if (isExpected(failure) && message != null && !message.isBlank()) {
            return firstLine(message);
        }
        return "unexpected " + failure.getClass().getSimpleName() + (message == null ? "" : ": " + firstLine(message))
                + " (--stacktrace tells where)";
    }

    /** Our own exceptions carry sentences; those of libraries carry whatever they carry. */
    private static boolean isExpected(Throwable failure) {
        return failure.getClass().getName().startsWith("io.reflux.")
                || failure instanceof IllegalArgumentException
                || failure.getClass() == IOException.class;
    }

    private static String fileSentence(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "there is no file or folder " + failure.getFile();
        }
        if (failure instanceof AccessDeniedException) {
            return "no permission for " + failure.getFile();
        }
        String reason = failure.getReason();
        return "cannot use " + failure.getFile() + ": "
                + (reason == null ? failure.getClass().getSimpleName() : reason);
    }

    private static String suggestion(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            List<String> close = unmatched.getSuggestions();
            return close.isEmpty() ? "" : "; did you mean " + String.join(" or ", close) + "?";
        }
        return "";
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.strip().lines().findFirst().orElse("");
    }
}
