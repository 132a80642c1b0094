package io.reflux.wire;

/** A record that is not what its key says; the message is one sentence naming what is wrong. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }

    public WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
