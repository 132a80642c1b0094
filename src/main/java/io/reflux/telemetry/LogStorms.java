package io.reflux.telemetry;

import io.quarkus.logging.LoggingFilter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;

/**
 * Keeps warnings and errors that repeat from filling the log: each class, of Reflux or of a library, may tell of its
 * trouble so often in ten seconds; what it tells beyond that is counted, and the count is told in one line.
 */
@LoggingFilter(name = LogStorms.NAME)
public final class LogStorms implements Filter {
    public static final String NAME = "log-storms";

    /** Lines of one class in an interval. */
    static final int LINES = 5;

    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final int CLASSES = 1_000;
    private static final Logger LOG = Logger.getLogger(LogStorms.class);
    private final LongSupplier nanos;
    private final Map<String, Count> counts = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > CLASSES;
        }
    };

    /** Lines of a class since the interval began. */
    private static final class Count {
        private long since;
        private long lines;
    }

    public LogStorms() {
        this(System::nanoTime);
    }

    /** @param nanos a clock that only goes forward */
    LogStorms(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public boolean isLoggable(LogRecord line) {
        String from = String.valueOf(line.getLoggerName());
        if (line.getLevel().intValue() < Level.WARNING.intValue() || from.equals(LogStorms.class.getName())) {
            return true;
        }
        long left = count(from);
        if (left > 0) {
            LOG.warnf("%d further lines of %s were left out", left, from);
        }
        return left >= 0;
    }

    /** Lines left out before this one; negative when this one is left out, too. */
    private synchronized long count(String from) {
        long now = nanos.getAsLong();
        Count count = counts.computeIfAbsent(from, unseen -> new Count());
        long left = 0;
        if (count.lines == 0 || now - count.since >= INTERVAL.toNanos()) {
            left = Math.max(0, count.lines - LINES);
            count.since = now;
            count.lines = 0;
        }
        count.lines++;
        return count.lines <= LINES ? left : -1;
    }
}
