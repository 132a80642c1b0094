package io.reflux.reservoir;

import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the whole reservoir topic once, and later on only what is new in it. Used by one thread at a time. */
public final class ReservoirScan implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReservoirScan.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConsumer<String, byte @Nullable []> consumer;
    private final List<TopicPartition> partitions;

    public ReservoirScan(Map<String, Object> client, String topic, int partitions) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.remove("group.id");
        properties.put("enable.auto.commit", false);
        // a topic that has lost its end is read anew, never skipped
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", 2_000);
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(this.partitions);
        consumer.seekToBeginning(this.partitions);
    }

    /** Hands on every record between where the last call stopped and the topic's present end. */
    public void catchUp(Consumer<ReservoirRecord> reader, Consumer<ReservoirKey.OfErasure> lifted) {
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        long asked = System.nanoTime();
        while (isBehind(ends)) {
            for (ConsumerRecord<String, byte @Nullable []> record : consumer.poll(POLL)) {
                read(record).ifPresent(reader);
                lift(record).ifPresent(lifted);
            }
            if (System.nanoTime() - asked > PATIENCE.toNanos()) {
                // a topic that has lost its end never comes to where that was
                consumer.endOffsets(partitions).forEach((partition, end) -> ends.merge(partition, end, Math::min));
                asked = System.nanoTime();
            }
        }
    }

    private boolean isBehind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** The erasure that a record lifts. */
    private static Optional<ReservoirKey.OfErasure> lift(ConsumerRecord<String, byte @Nullable []> record) {
        return record.value() != null || record.key() == null
                ? Optional.empty()
                : ReservoirKey.parse(record.key())
                        .filter(ReservoirKey.OfErasure.class::isInstance)
                        .map(ReservoirKey.OfErasure.class::cast);
    }

    /** What a record says; nothing when it is a tombstone or cannot be read. */
    public static Optional<ReservoirRecord> read(ConsumerRecord<String, byte @Nullable []> record) {
        byte[] value = record.value();
        if (value == null || record.key() == null) {
            return Optional.empty();
        }
        try {
            Optional<ReservoirKey> key = ReservoirKey.parse(record.key());
            return key.isPresent() ? Optional.of(ReservoirRecord.parse(key.get(), value)) : Optional.empty();
        } catch (WireException e) {
            LOG.warnf("%s-%d@%d is skipped: %s", record.topic(), record.partition(), record.offset(), e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
