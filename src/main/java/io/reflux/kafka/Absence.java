package io.reflux.kafka;

import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass when the broker is back from those that do not. */
public final class Absence {
    private Absence() {}

    /** Whether the problem, or what led to it, is only that the broker does not answer. */
    public static boolean isCauseOf(Throwable problem) {
        for (@Nullable Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }
}
