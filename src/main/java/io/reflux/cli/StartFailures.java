package io.reflux.cli;

import io.reflux.console.CommandException;
import java.net.BindException;
import java.util.stream.Collectors;

/** Finds in what kept the service from starting the exception that says why. */
final class StartFailures {
    private StartFailures() {}

    /** Our own exception when there is one among the causes, else a sentence about the innermost. */
    static Exception of(Throwable failure) {
        Throwable innermost = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RuntimeException own
                    && own.getClass().getName().startsWith("io.reflux.")) {
                return own;
            }
            innermost = cause;
        }
        if (innermost instanceof BindException) {
            return CommandException.failure(
                    "the port for HTTP is taken; free it, or choose another by --port (0 takes any free one)", failure);
        }
        return CommandException.failure("the service cannot start: " + words(innermost), failure);
    }

    private static String words(Throwable failure) {
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
