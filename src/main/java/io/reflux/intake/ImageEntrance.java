package io.reflux.intake;

import io.quarkus.runtime.ShutdownEvent;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.kafka.KafkaConnection;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.Coordinates;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.Rejection;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts images that come another way than by a Kafka client onto the images topic, after the same checks that the
 * collector makes of them there.
 */
@Singleton
public final class ImageEntrance {
    private static final int PATIENCE_MILLIS = 15_000;
    private final RefluxConfig config;
    private final KafkaConnection kafka;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable ImageJudge judge;

    @Inject
    ImageEntrance(RefluxConfig config, KafkaConnection kafka) {
        this.config = config;
        this.kafka = kafka;
    }

    /**
     * Where an image stands now.
     *
     * @param topic the images topic
     */
    public record Place(String topic, int partition, long offset) {}

    /**
     * Checks an image, writes it and waits for the broker.
     *
     * @param bytes the encoded image
     * @throws Rejection when the collector would reject it
     * @throws KafkaException when the broker does not take it in time
     */
    public Place send(ImageHeaders headers, byte[] bytes) throws Rejection {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(kafka.names().images(), bytes);
        headers.entries().forEach(record.headers()::add);
        Tracing.mark(record.headers());
        check(record);
        try {
            RecordMetadata place = producer().send(record).get(2L * PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            return new Place(place.topic(), place.partition(), place.offset());
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the image was not taken by " + record.topic() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing to " + record.topic(), e);
        }
    }

    private void check(ProducerRecord<byte[], byte[]> record) throws Rejection {
        Coordinates nowhere = new Coordinates(record.topic(), 0, 0, System.currentTimeMillis());
        ImageRecord image = ImageRecord.parse(record.headers(), record.value(), nowhere);
        judge().decode(image, FeedSettings.of(config, image.feed()));
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (producer != null) {
            producer.close(Duration.ofSeconds(5));
        }
    }

    private synchronized ImageJudge judge() {
        ImageJudge known = judge;
        if (known == null) {
            known = new ImageJudge(config.limits().pixels(), kafka.imagesId().toString());
            judge = known;
        }
        return known;
    }

    private synchronized Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> properties = kafka.clientProperties();
            properties.put(ProducerConfig.ACKS_CONFIG, "all");
            properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
            properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 3);
            properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }
}
