package io.reflux.cli;

import io.reflux.console.ImageEncoding;
import io.reflux.image.ImageShape;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A device in this process: sends a first stock of images at once and then goes on at a steady rate, on a thread of its
 * own, until it is closed. Now and then an image is cut off, as happens with devices, so that rejects are seen too.
 */
final class DemoFeed implements AutoCloseable {
    /** The feed it sends to. */
    static final String NAME = "demo";

    /** One image of so many is cut off. */
    static final int DAMAGE = 1000;

    private static final Duration LATE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final DriftingImages images;
    private final ImageShape shape;
    private final int stock;
    private final double rate;
    private final Thread thread = new Thread(this::send, "demo-feed");
    private volatile boolean closed;

    /**
     * @param client properties of the producer, with {@code bootstrap.servers}
     * @param shape of the images, [C,H,W]
     * @param stock images that are sent at once
     * @param rate images a second after that
     */
    DemoFeed(
            Map<String, Object> client,
            TopicNames topics,
            DriftingImages images,
            ImageShape shape,
            int stock,
            double rate) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis());
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        this.topic = topics.images();
        this.images = images;
        this.shape = shape;
        this.stock = stock;
        this.rate = rate;
        thread.setDaemon(true);
        thread.start();
    }

    private void send() {
        long interval = (long) (1e9 / rate);
        long due = System.nanoTime();
        for (long number = 0; !closed; number++) {
            send(images.next());
            due = number < stock ? System.nanoTime() : Math.max(due + interval, System.nanoTime() - LATE.toNanos());
            while (!closed && due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private void send(DriftingImages.Drifted image) {
        boolean damaged = image.number() % DAMAGE == DAMAGE - 1;
        byte[] pixels = image.pixels();
        ImageHeaders headers = new ImageHeaders(
                NAME,
                image.label(),
                ImageEncoding.RAW.contentType(),
                shape.toString(),
                new EventIdentity("/reflux/serve/demo", Long.toString(image.number()), Instant.now()));
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, damaged ? Arrays.copyOf(pixels, pixels.length / 2) : pixels);
        headers.entries().forEach(record.headers()::add);
        try {
            producer.send(record);
        } catch (KafkaException e) {
            // a device whose broker is away loses this image and tries the next; the service tells of the broker
            LockSupport.parkNanos(LATE.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(PATIENCE);
    }
}
