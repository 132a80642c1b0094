package io.reflux.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Shares the unpacking of images among threads where it pays. A compressed image takes hundreds of microseconds; raw
 * pixels take less than handing them to another thread, so they stay on the caller's.
 */
final class Unpacking implements AutoCloseable {
    private final int threads;
    private final ExecutorService helpers;

    /** @param threads that unpack side by side, the caller's among them; at least 1 */
    Unpacking(int threads) {
        this.threads = threads;
        AtomicInteger number = new AtomicInteger();
        this.helpers = Executors.newFixedThreadPool(Math.max(1, threads - 1), work -> {
            Thread thread = new Thread(work, "reflux-unpacking-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does the work on every image; returns when all are done. */
    void all(List<ReceivedImage> images, Consumer<ReceivedImage> work) {
        if (threads == 1
                || images.stream().filter(ReceivedImage::isCompressed).limit(2).count() < 2) {
            images.forEach(work);
            return;
        }
        AtomicInteger next = new AtomicInteger();
        Runnable share = () -> {
            for (int i = next.getAndIncrement(); i < images.size(); i = next.getAndIncrement()) {
                work.accept(images.get(i));
            }
        };
        List<Future<?>> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            others.add(helpers.submit(share));
        }
        share.run();
        others.forEach(Unpacking::await);
    }

    private static void await(Future<?> share) {
        try {
            share.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an image could not be unpacked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while images were unpacked", e);
        }
    }

    @Override
    public void close() {
        helpers.shutdownNow();
    }
}
