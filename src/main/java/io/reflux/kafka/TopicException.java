package io.reflux.kafka;

import org.jspecify.annotations.Nullable;

/** The topics are not as they must be, or the broker does not answer; the message is one sentence for the operator. */
public final class TopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TopicException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Whether only the broker is away, so that the same may work later. */
    boolean isAbsence() {
        return Absence.isCauseOf(this);
    }
}
