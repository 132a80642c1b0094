package io.reflux.kafka;

/** The embedded broker could not start; the message is one sentence for the operator. */
public final class BrokerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
