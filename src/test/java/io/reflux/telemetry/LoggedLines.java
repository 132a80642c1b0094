package io.reflux.telemetry;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What is logged from now on until it is closed. */
public final class LoggedLines extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final long start = System.nanoTime();
    private double seconds;

    public LoggedLines() {
        root.addHandler(this);
    }

    public List<String> all() {
        return List.copyOf(lines);
    }

    public List<String> mentioning(String words) {
        return lines.stream().filter(line -> line.contains(words)).toList();
    }

    /** How long it listened, once it is closed. */
    public double seconds() {
        return seconds;
    }

    @Override
    public void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.INFO.intValue()) {
            lines.add(record instanceof ExtLogRecord line ? line.getFormattedMessage() : record.getMessage());
        }
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        root.removeHandler(this);
        seconds = (System.nanoTime() - start) / 1e9;
    }
}
