package io.reflux.rounds;

/** A generation that could not be published, for a reason other than a new owner; nothing of it is visible. */
public final class PublicationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PublicationException(String message, Throwable cause) {
        super(message, cause);
    }
}
