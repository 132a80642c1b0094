package io.reflux.nn;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that compute and differentiate side by side, each with one thread of the engine's own: a graph is built and
 * walked back on the thread that runs it, so independent graphs share nothing but the parameters they read.
 *
 * <p>Whole graphs on a thread each scale where the engine's own threads inside one operation do not: nothing waits at
 * the end of every operation, and a busy neighbour slows one worker instead of all.
 */
public final class Workers implements AutoCloseable {
    private static final Workers INLINE = new Workers(1);

    private final int count;
    private final ExecutorService threads;

    /**
     * @param count threads; with one, tasks run on the thread that asks
     */
    public Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("workers must be at least 1, got " + count);
        }
        this.count = count;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(() -> computing(task), "reflux-worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** One worker: the calling thread. */
    public static Workers inline() {
        return INLINE;
    }

    public int count() {
        return count;
    }

    /**
     * Runs all tasks and returns their results in order.
     *
     * @throws RuntimeException the first failure, in the order of the tasks, after all have ended
     * @throws CancellationException when the calling thread is interrupted
     */
    public <T> List<T> all(List<? extends Callable<T>> tasks) {
        try {
            return count == 1 ? inTurn(tasks) : results(threads.invokeAll(tasks));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while computing");
        }
    }

    @Override
    public void close() {
        if (this != INLINE) {
            threads.shutdown();
        }
    }

    private static void computing(Runnable task) {
        JniUtils.setGradMode(true);
        TorchScript.prepareThread();
        task.run();
    }

    private static <T> List<T> inTurn(List<? extends Callable<T>> tasks) throws InterruptedException {
        List<T> results = new ArrayList<>(tasks.size());
        for (Callable<T> task : tasks) {
            try {
                results.add(task.call());
            } catch (InterruptedException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return results;
    }

    private static <T> List<T> results(List<Future<T>> futures) throws InterruptedException {
        List<T> results = new ArrayList<>(futures.size());
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
        return results;
    }
}
