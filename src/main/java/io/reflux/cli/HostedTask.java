package io.reflux.cli;

import io.quarkus.runtime.QuarkusApplication;
import io.reflux.console.ExitCodes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What runs while the service is up, on the main thread; the service stops when it ends.
 *
 * <p>Quarkus makes the application object itself, so the task comes to it through a static field.
 */
public final class HostedTask implements QuarkusApplication {
    private static final AtomicReference<Task> NEXT = new AtomicReference<>();

    /** Something to do while the service is up. */
    interface Task {
        void run() throws Exception;
    }

    /** The task of the service that starts next. */
    static void next(Task task) {
        NEXT.set(task);
    }

    @Override
    public int run(String... arguments) throws Exception {
        Objects.requireNonNull(NEXT.get(), "no task was set before the service started")
                .run();
        return ExitCodes.OK;
    }
}
