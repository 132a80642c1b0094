package io.reflux.reservoir;

import io.quarkus.runtime.ShutdownEvent;
import io.reflux.kafka.KafkaConnection;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.TopicNames;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Kept images, read one by one from where they stand on the {@code reservoir} topic, so that a replica can show the
 * sample of a feed that it does not own and holds no pixels of it.
 */
@Singleton
public final class SamplePictures {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    /** A record has 1,000,000 bytes at most; what a fetch brings beyond the one wanted is thrown away. */
    private static final int FETCH_BYTES = 64 << 10;

    private final KafkaConnection kafka;
    private @Nullable Consumer<String, byte[]> consumer;

    @Inject
    SamplePictures(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * The kept image in a record; empty when another record, or none, stands there by now.
     *
     * @param offset in the feed's partition
     */
    public synchronized Optional<KeptImage> at(String feed, String identity, long offset) {
        TopicPartition partition =
                new TopicPartition(kafka.names().reservoir(), TopicNames.partitionOf(feed, kafka.partitionsByFeed()));
        Consumer<String, byte[]> reading = consumer();
        reading.assign(List.of(partition));
        reading.seek(partition, offset);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, byte[]> record : reading.poll(POLL)) {
                return ReservoirScan.read(record)
                        .filter(found -> record.offset() == offset)
                        .flatMap(found -> image(found, feed, identity));
            }
        }
        return Optional.empty();
    }

    private static Optional<KeptImage> image(ReservoirRecord record, String feed, String identity) {
        return record instanceof KeptImage image
                        && image.feed().equals(feed)
                        && image.identity().text().equals(identity)
                ? Optional.of(image)
                : Optional.empty();
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (consumer != null) {
            consumer.close(Duration.ofSeconds(1));
        }
    }

    private Consumer<String, byte[]> consumer() {
        Consumer<String, byte[]> open = consumer;
        if (open == null) {
            Map<String, Object> properties = kafka.clientProperties();
            properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
            properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
            properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
            properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
            properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
            properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
            open = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
            consumer = open;
        }
        return open;
    }
}
