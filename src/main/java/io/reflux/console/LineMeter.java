package io.reflux.console;

import java.time.Duration;

/** A line now and then, for logs: nothing of a task that is over at once, and a last line of one that was not. */
final class LineMeter implements Meter {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private final Terminal terminal;
    private final String task;
    private final String unit;
    private final long total;
    private final long started = System.nanoTime();
    private long written = started;
    private long done;
    private long told = -1;

    LineMeter(Terminal terminal, String task, String unit, long total) {
        this.terminal = terminal;
        this.task = task;
        this.unit = unit;
        this.total = total;
    }

    @Override
    public synchronized void at(long now, String remark) {
        done = now;
        if (System.nanoTime() - written >= INTERVAL.toNanos()) {
            written = System.nanoTime();
            told = now;
            terminal.note(line(remark));
        }
    }

    @Override
    public synchronized void close() {
        if (told != done) {
            told = done;
            terminal.note(line(""));
        }
    }

    private String line(String remark) {
        long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
        String words = remark.isBlank() ? "" : ", " + remark.strip();
        return task + ": " + done + " of " + total + " " + unit + words + " (" + seconds + " s)";
    }
}
