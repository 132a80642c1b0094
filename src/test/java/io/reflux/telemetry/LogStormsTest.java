package io.reflux.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogStormsTest {
    private final AtomicLong clock = new AtomicLong(7);
    private final LogStorms storms = new LogStorms(clock::get);

    @Test
    void letsTheFirstLinesOfAnIntervalPass() {
        assertThat(passing("io.reflux.A", Level.WARNING, 1_000)).isEqualTo(LogStorms.LINES);

        clock.addAndGet(LogStorms.INTERVAL.toNanos() - 1);
        assertThat(passing("io.reflux.A", Level.WARNING, 10)).isZero();

        clock.addAndGet(1);
        assertThat(passing("io.reflux.A", Level.SEVERE, 1_000)).isEqualTo(LogStorms.LINES);
    }

    @Test
    void countsEachClassByItself() {
        passing("io.reflux.A", Level.WARNING, 1_000);

        assertThat(passing("org.apache.kafka.B", Level.WARNING, 1_000)).isEqualTo(LogStorms.LINES);
    }

    @Test
    void leavesOutNothingThatIsNoWarning() {
        passing("io.reflux.A", Level.WARNING, 1_000);

        assertThat(passing("io.reflux.A", Level.INFO, 1_000)).isEqualTo(1_000);
    }

    @Test
    void tellsHowManyLinesWereLeftOut() {
        try (LoggedLines logged = new LoggedLines()) {
            passing("io.reflux.A", Level.WARNING, 1_000);
            clock.addAndGet(LogStorms.INTERVAL.toNanos());
            passing("io.reflux.A", Level.WARNING, 1);

            assertThat(logged.mentioning("left out"))
                    .containsExactly((1_000 - LogStorms.LINES) + " further lines of io.reflux.A were left out");
        }
    }

    private long passing(String from, Level level, int lines) {
        return IntStream.range(0, lines)
                .mapToObj(line -> record(from, level))
                .filter(storms::isLoggable)
                .count();
    }

    private static LogRecord record(String from, Level level) {
        LogRecord line = new LogRecord(level, "in trouble");
        line.setLoggerName(from);
        return line;
    }
}
