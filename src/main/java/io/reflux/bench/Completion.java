package io.reflux.bench;

import io.reflux.console.CommandException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for what another thread computes. */
final class Completion {
    private Completion() {}

    /** @throws CommandException when it failed there */
    static <T> T of(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw CommandException.failure("a measuring thread failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while measuring", e);
        }
    }
}
