package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The lines of the audit log from here on. */
final class AuditLines extends Handler {
    private final Logger logger = Logger.getLogger("io.reflux.audit");
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();

    AuditLines() {
        logger.addHandler(this);
    }

    /** Waits for the next line, which is written when its answer has been sent. */
    String next() throws InterruptedException {
        String line = lines.poll(10, TimeUnit.SECONDS);
        assertThat(line).as("a line in the audit log within 10 s").isNotNull();
        return line;
    }

    int count() {
        return count.get();
    }

    @Override
    public void publish(LogRecord record) {
        count.incrementAndGet();
        lines.add(record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}
