package io.reflux.cli;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Logging before, or without, the service: nothing but severe failures, on standard error.
 *
 * <p>Libraries warn about what the commands tell in their own words (a broker that does not answer); the log manager
 * would otherwise keep such lines for a service that never starts.
 */
final class QuietLogging {
    /** Held, because a logger that nobody holds forgets its level. */
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger(""),
            Logger.getLogger("org.apache.kafka"),
            Logger.getLogger("kafka"),
            Logger.getLogger("ai.djl"));

    private QuietLogging() {}

    static void install() {
        LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
        LOGGERS.get(0).setLevel(Level.WARNING);
        Handler handler = new ConsoleHandler();
        handler.setLevel(Level.SEVERE);
        InitialConfigurator.DELAYED_HANDLER.setHandlers(new Handler[] {handler});
    }
}
