package io.reflux.rounds;

import org.jspecify.annotations.Nullable;

/** A generation that cannot be read, is half published or damaged; the message is one sentence for the reader. */
public final class GenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public GenerationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
