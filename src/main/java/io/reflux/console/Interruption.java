package io.reflux.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, or a kill, during a long computation: the computation is asked to stop, and the process waits until it has
 * saved its state.
 */
public final class Interruption implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook;
    private final Terminal terminal;
    private volatile boolean requested;

    public Interruption(Terminal terminal) {
        this.terminal = terminal;
        hook = new Thread(this::stop, "interruption");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    public boolean requested() {
        return requested;
    }

    /** The computation is over, in whatever way, and all has been said about it. */
    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            requested = true; // the process is ending already, and the hook has seen the count
        }
    }

    private void stop() {
        requested = true;
        try {
            boolean saved = over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!saved) {
                terminal.fail("the work did not stop within " + PATIENCE_SECONDS + " s; its last checkpoint stands");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
