package io.reflux.cli;

import io.opentelemetry.context.Context;
import io.reflux.console.CommandException;
import io.reflux.console.ImageEncoding;
import io.reflux.console.Meter;
import io.reflux.image.ImageSet;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.TopicNames;
import io.reflux.wire.TraceHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Sends labelled images to the images topic and counts what the broker has acknowledged. */
final class ImageSender implements AutoCloseable {
    private static final int PATIENCE_MILLISECONDS = 15_000;
    private static final int LINGER_MILLISECONDS = 20;
    private static final int BATCH_BYTES = 1 << 18;

    private final KafkaProducer<String, byte[]> producer;
    private final String topic;
    private final String feed;
    private final List<Header> origin;
    private final ImageEncoding encoding;
    private final double rate;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /**
     * @param client properties of the producer, with {@code bootstrap.servers}
     * @param rate images per second at most
     */
    ImageSender(Map<String, Object> client, TopicNames topics, String feed, ImageEncoding encoding, double rate) {
        this(client, topics, feed, encoding, rate, Context.root());
    }

    /** @param trace what each image says it comes from; the root says nothing */
    ImageSender(
            Map<String, Object> client,
            TopicNames topics,
            String feed,
            ImageEncoding encoding,
            double rate,
            Context trace) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLISECONDS);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLISECONDS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLISECONDS - LINGER_MILLISECONDS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLISECONDS);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        RecordHeaders origin = new RecordHeaders();
        TraceHeaders.write(trace, origin);
        this.origin = List.of(origin.toArray());
        this.topic = topics.images();
        this.feed = feed;
        this.encoding = encoding;
        this.rate = rate;
    }

    /**
     * Sends every image and waits until the broker has them all.
     *
     * @throws CommandException when the broker stops taking them
     */
    Sent send(ImageSet images, Passage passage, Meter meter) {
        long started = System.nanoTime();
        acknowledged.set(0);
        long bytes = 0;
        try {
            for (int i = 0; i < images.size(); i++) {
                await(started, i);
                bytes += send(images, i, passage);
                meter.at(acknowledged.get(), "");
                requireNoFailure();
            }
            producer.flush();
        } catch (KafkaException e) {
            throw stopped(e);
        }
        requireNoFailure();
        meter.at(acknowledged.get(), "");
        return new Sent(
                images.size(),
                bytes,
                Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0);
    }

    private int send(ImageSet images, int index, Passage passage) {
        byte[] value = encoding.encode(images.shape(), images.image(index));
        ImageHeaders headers = new ImageHeaders(
                feed,
                images.classes().get(images.labels()[index]),
                encoding.contentType(),
                encoding.shapeHeader(images.shape()),
                passage.identity(index));
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, value);
        headers.entries().forEach(record.headers()::add);
        origin.forEach(record.headers()::add);
        producer.send(record, this::acknowledge);
        return value.length;
    }

    private void acknowledge(@Nullable RecordMetadata place, @Nullable Exception problem) {
        if (problem == null) {
            acknowledged.incrementAndGet();
        } else {
            failure.compareAndSet(null, problem);
        }
    }

    private void await(long started, int index) {
        long due = started + (long) (index / rate * 1e9);
        while (due - System.nanoTime() > 0) {
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private void requireNoFailure() {
        Exception problem = failure.get();
        if (problem != null) {
            throw stopped(problem);
        }
    }

    private CommandException stopped(Exception problem) {
        return CommandException.failure(
                "the broker took " + acknowledged.get() + " images and no more: " + problem.getMessage()
                        + "; the same command sends them again without harm",
                problem);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
