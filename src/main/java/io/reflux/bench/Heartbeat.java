package io.reflux.bench;

import io.reflux.console.Table;
import io.reflux.console.Terminal;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Says now and then that one long piece of work, of which nothing can be seen from outside, still goes on. */
final class Heartbeat implements AutoCloseable {
    private static final long INTERVAL_SECONDS = 20;
    private final Terminal terminal;
    private final String task;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService timer;

    Heartbeat(Terminal terminal, String task) {
        this.terminal = terminal;
        this.task = task;
        this.timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "heartbeat");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleAtFixedRate(this::beat, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    void over(double seconds) {
        close();
        terminal.note(task + ": " + Table.decimal(seconds, 3) + " s");
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void beat() {
        long seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
        terminal.note(task + ": still going on after " + seconds + " s");
    }
}
