package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.ImageEncoding;
import io.reflux.console.Meter;
import io.reflux.image.GeneratedShapes;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends some hundred images over and over, encoded once; their labels go round the classes. */
final class Replay implements AutoCloseable {
    /** The feed they belong to. */
    static final String FEED = "bench";

    private static final int DISTINCT = 1_000;
    private static final int LINGER_MILLISECONDS = 5;
    private static final int BATCH_BYTES = 1 << 18;
    private static final Instant TAKEN = Instant.parse("2026-01-01T00:00:00Z");

    private final IngestOptions options;
    private final String topic;
    private final KafkaProducer<String, byte[]> producer;
    private final List<byte[]> images;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private long sent;
    private long bytes;

    Replay(IngestOptions options, IngestCluster cluster) {
        this.options = options;
        this.topic = cluster.topics().images();
        this.images = images(options.shape(), options.content());
        Map<String, Object> properties = cluster.client();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLISECONDS);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        this.producer =
                new KafkaProducer<>(new HashMap<>(properties), new StringSerializer(), new ByteArraySerializer());
    }

    /** Images of a shape, encoded: drawn figures where they can be drawn, else noise; the same on every machine. */
    static List<byte[]> images(ImageShape shape, ImageEncoding encoding) {
        int smaller = Math.min(shape.height(), shape.width());
        int larger = Math.max(shape.height(), shape.width());
        if (smaller < GeneratedShapes.SMALLEST || larger > GeneratedShapes.LARGEST) {
            return noise(shape, encoding);
        }
        ImageSet drawn = GeneratedShapes.generate(shape, DISTINCT / GeneratedShapes.CLASSES.size(), 1, 1)
                .train();
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            images.add(encoding.encode(shape, drawn.image(i)));
        }
        return images;
    }

    private static List<byte[]> noise(ImageShape shape, ImageEncoding encoding) {
        SplittableRandom random = new SplittableRandom(1);
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < DISTINCT; i++) {
            byte[] pixels = new byte[shape.size()];
            random.nextBytes(pixels);
            images.add(encoding.encode(shape, pixels));
        }
        return images;
    }

    /** Sends a backlog as fast as the broker takes it, and waits until it has it. */
    void flood(int count, Meter meter) {
        for (int i = 0; i < count; i++) {
            send(null);
            meter.at(acknowledged.get(), "");
            requireNoFailure();
        }
        producer.flush();
        requireNoFailure();
    }

    /**
     * Sends images evenly, and waits until the broker has them.
     *
     * @return where each went and when it was sent
     */
    List<Latencies.Mark> evenly(double rate, double seconds) {
        ConcurrentLinkedQueue<Latencies.Mark> marks = new ConcurrentLinkedQueue<>();
        evenly(rate, seconds, marks);
        return List.copyOf(marks);
    }

    /** Sends images evenly for a long time, without a note of each. */
    void steadily(double rate, double seconds) {
        evenly(rate, seconds, null);
    }

    private void evenly(double rate, double seconds, @Nullable ConcurrentLinkedQueue<Latencies.Mark> marks) {
        long started = System.nanoTime();
        for (long i = 0; i < rate * seconds; i++) {
            long due = started + (long) (i / rate * 1e9);
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            send(marks);
            requireNoFailure();
        }
        producer.flush();
        requireNoFailure();
    }

    /** Images the broker has acknowledged so far; from any thread. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Images sent so far. */
    long sent() {
        return sent;
    }

    /** Bytes of an image's value on average. */
    double bytesPerImage() {
        return sent == 0 ? 0 : (double) bytes / sent;
    }

    private void send(@Nullable ConcurrentLinkedQueue<Latencies.Mark> marks) {
        byte[] value = images.get((int) (sent % images.size()));
        ImageHeaders headers = new ImageHeaders(
                FEED,
                "class-" + sent % options.classes(),
                options.content().contentType(),
                options.content().shapeHeader(options.shape()),
                options.events()
                        ? new EventIdentity("/reflux/bench", Long.toString(sent), TAKEN.plusMillis(sent))
                        : null);
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, null, System.currentTimeMillis(), null, value);
        headers.entries().forEach(record.headers()::add);
        producer.send(record, (place, problem) -> acknowledge(place, problem, marks));
        sent++;
        bytes += value.length;
    }

    private void acknowledge(
            @Nullable RecordMetadata place,
            @Nullable Exception problem,
            @Nullable ConcurrentLinkedQueue<Latencies.Mark> marks) {
        if (problem != null || place == null) {
            failure.compareAndSet(null, problem);
            return;
        }
        acknowledged.incrementAndGet();
        if (marks != null) {
            marks.add(new Latencies.Mark(place.partition(), place.offset(), place.timestamp()));
        }
    }

    private void requireNoFailure() {
        Exception problem = failure.get();
        if (problem != null) {
            throw CommandException.failure(
                    "the broker took " + acknowledged.get() + " images and no more: " + problem.getMessage(), problem);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
