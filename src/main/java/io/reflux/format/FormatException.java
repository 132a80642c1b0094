package io.reflux.format;

import java.io.IOException;

/** Bytes or files that are not what their format promises; the message names the offending numbers. */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
