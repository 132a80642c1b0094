package io.reflux.image;

import java.io.IOException;

/** Bytes that are not an image of the type they claim to be, and why. */
public final class UndecodableImageException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why an image was refused, stable enough to count by. */
    public enum Reason {
        /** No bytes at all. */
        EMPTY,
        /** A missing content type, or one that no decoder knows. */
        UNKNOWN_CONTENT_TYPE,
        /** Raw pixels without the shape they need. */
        MISSING_SHAPE,
        /** A shape that cannot be read, or that does not fit the bytes. */
        WRONG_SHAPE,
        /** An array of something else than u8. */
        WRONG_TYPE,
        /** Bytes that end early or break the format's rules. */
        TRUNCATED_OR_CORRUPT,
        /** More pixels than the decoder is allowed to unpack. */
        TOO_MANY_PIXELS,
        /** Neither gray nor RGB. */
        UNSUPPORTED_CHANNELS
    }

    private final Reason reason;

    public UndecodableImageException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public UndecodableImageException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
