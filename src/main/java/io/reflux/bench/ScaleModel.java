package io.reflux.bench;

import com.sun.management.ThreadMXBean;
import io.reflux.image.ImageShape;
import io.reflux.sample.Filter;
import io.reflux.sample.Identity;
import io.reflux.sample.SampleLimits;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What an installation costs by formula, from sizes taken of the real records and filters.
 *
 * @param options the installation
 */
record ScaleModel(ScaleOptions options) {
    private static final int DEVICE_NAME = 20;

    /** Images of all feeds that are kept when every class is full. */
    double keptImages() {
        return (double) options.feeds() * options.classes() * keptPerClass();
    }

    /** Images a class keeps, held-out ones included. */
    int keptPerClass() {
        SampleLimits limits = options.limits();
        return limits.perClass() + limits.heldOutPerClass();
    }

    /** Bytes of a kept image's record, key and value. */
    long imageRecordBytes() {
        ImageShape shape = options.shape();
        Identity identity = Identity.ofEvent("d".repeat(DEVICE_NAME), "i".repeat(DEVICE_NAME), "2026-01-01T00:00:00Z");
        ReservoirKey.OfImage key = new ReservoirKey.OfImage("feed-1234", "class-1", identity);
        return bytes(new KeptImage(
                key,
                shape,
                new byte[shape.size()],
                -1.2345678901234567,
                1_767_225_600_000L,
                false,
                "0123456789abcdef"));
    }

    /** Bytes of a progress record, key and value. */
    long progressRecordBytes() {
        return bytes(new ProgressRecord(
                new ReservoirKey.OfProgress("feed-1234", 12), 123_456_789, 1_234_567, 3_792_589_824L, Map.of()));
    }

    /**
     * Progress records a second: a batch of b records writes one for each of the feeds in it, and of F equally frequent
     * feeds there are F·(1 − (1 − 1/F)^b).
     */
    double progressPerSecond() {
        double feeds = options.feeds();
        double inBatch = -feeds * Math.expm1(options.batch() * Math.log1p(-1 / feeds));
        return options.rate() / options.batch() * (feeds == 1 ? 1 : inBatch);
    }

    /** Bytes of one feed's full filter, as the heap sees them. */
    long filterBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        fill();
        long before = threads.getCurrentThreadAllocatedBytes();
        Filter filter = fill();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        if (!Double.isFinite(filter.threshold("class-0", false))) {
            throw new IllegalStateException("the filter is not full");
        }
        return bytes;
    }

    /** Nothing is thrown out while it fills, so what is allocated is what it keeps. */
    private Filter fill() {
        SampleLimits limits = options.limits();
        Filter filter = new Filter(limits);
        for (int c = 0; c < options.classes(); c++) {
            String label = "class-" + c;
            for (int i = 0; i < limits.perClass(); i++) {
                filter.add(label, false, -i - c / 100.0);
            }
            for (int i = 0; i < limits.heldOutPerClass(); i++) {
                filter.add(label, true, -i - c / 100.0);
            }
        }
        return filter;
    }

    private static long bytes(ReservoirRecord record) {
        byte[] value = record.value();
        return record.key().key().text().getBytes(StandardCharsets.UTF_8).length + (value == null ? 0 : value.length);
    }
}
