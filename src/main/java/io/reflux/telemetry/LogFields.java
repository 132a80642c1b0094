package io.reflux.telemetry;

import org.jboss.logging.MDC;

/**
 * Says in fields of their own what the log lines of this thread are about, until it is closed: a machine that reads them
 * as JSON finds them under {@code mdc}.
 */
public final class LogFields implements AutoCloseable {
    private static final String FEED = "feed";
    private static final String ROUND = "round";
    private static final String GENERATION = "generation";

    private LogFields() {}

    public static LogFields of(String feed) {
        MDC.put(FEED, feed);
        return new LogFields();
    }

    public LogFields round(String id) {
        MDC.put(ROUND, id);
        return this;
    }

    public LogFields generation(long number) {
        MDC.put(GENERATION, Long.toString(number));
        return this;
    }

    @Override
    public void close() {
        MDC.remove(FEED);
        MDC.remove(ROUND);
        MDC.remove(GENERATION);
    }
}
