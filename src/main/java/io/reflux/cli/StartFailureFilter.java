package io.reflux.cli;

import io.quarkus.logging.LoggingFilter;
import io.reflux.telemetry.LogStorms;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/** Keeps from the log what kept the service from starting, which the command tells in one sentence, and storms. */
@LoggingFilter(name = StartFailureFilter.NAME)
public final class StartFailureFilter implements Filter {
    static final String NAME = "start-failures";

    /** SmallRye's "unable to create the publisher or subscriber during initialization". */
    private static final String CHANNEL_FAILURE = "SRMSG00230";

    private static final String APPLICATION = "io.quarkus.runtime.Application";

    private final LogStorms storms = new LogStorms();

    @Override
    public boolean isLoggable(LogRecord record) {
        boolean channel = String.valueOf(record.getMessage()).startsWith(CHANNEL_FAILURE);
        return !channel && !APPLICATION.equals(record.getLoggerName()) && storms.isLoggable(record);
    }
}
