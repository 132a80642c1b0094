package io.reflux.bench;

import io.reflux.image.ImageDecoder;
import io.reflux.image.UndecodableImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Measures decoding alone, without Kafka, on one thread and on as many as asked for. */
final class DecodeRun {
    private static final long LARGEST = 1_000_000;
    private static final double SECONDS = 3;

    private final IngestOptions options;
    private final List<byte[]> images;
    private final ImageDecoder decoder = new ImageDecoder(LARGEST);

    DecodeRun(IngestOptions options) {
        this.options = options;
        this.images = Replay.images(options.shape(), options.content());
    }

    /** Images a second of so many threads together, after a warm-up of the same length. */
    double rate(int threads) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            run(pool, threads);
            return run(pool, threads);
        } finally {
            pool.shutdownNow();
        }
    }

    private double run(ExecutorService pool, int threads) {
        List<Future<Double>> rates = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            rates.add(pool.submit(this::decode));
        }
        double sum = 0;
        for (Future<Double> rate : rates) {
            sum += Completion.of(rate);
        }
        return sum;
    }

    private double decode() throws UndecodableImageException {
        long started = System.nanoTime();
        long decoded = 0;
        while (System.nanoTime() - started < SECONDS * 1e9) {
            for (byte[] image : images) {
                decoder.decode(
                        options.content().contentType(), options.content().shapeHeader(options.shape()), image);
            }
            decoded += images.size();
        }
        return decoded / ((System.nanoTime() - started) / 1e9);
    }
}
