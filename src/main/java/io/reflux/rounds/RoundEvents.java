package io.reflux.rounds;

import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** The events of a feed's partition of {@code rounds}, those of its neighbours included, as they come. */
public final class RoundEvents implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private final KafkaConsumer<String, byte @Nullable []> consumer;
    private final int partitions;
    private final List<TopicPartition> read;

    private RoundEvents(Map<String, Object> client, TopicNames topics, String feed) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.partitions = consumer.partitionsFor(topics.rounds()).size();
        this.read = List.of(new TopicPartition(topics.rounds(), TopicNames.partitionOf(feed, partitions)));
        consumer.assign(read);
    }

    /** All that stand on the topic, and those to come. */
    public static RoundEvents all(Map<String, Object> client, TopicNames topics, String feed) {
        RoundEvents events = new RoundEvents(client, topics, feed);
        events.consumer.seekToBeginning(events.read);
        return events;
    }

    /** Those to come: what is asked for after this is heard from its beginning. */
    public static RoundEvents fromNow(Map<String, Object> client, TopicNames topics, String feed) {
        RoundEvents events = new RoundEvents(client, topics, feed);
        events.consumer.seekToEnd(events.read);
        events.read.forEach(events.consumer::position);
        return events;
    }

    /** Partitions of the topics partitioned by feed. */
    public int partitions() {
        return partitions;
    }

    /** The next ones; waits for them a moment. Records nobody can read are passed. */
    public List<RoundEvent> poll() {
        List<RoundEvent> events = new ArrayList<>();
        for (ConsumerRecord<String, byte @Nullable []> entry : consumer.poll(POLL)) {
            byte[] value = entry.value();
            try {
                if (value != null) {
                    events.add(RoundEvent.fromBytes(value));
                }
            } catch (WireException e) {
                continue;
            }
        }
        return events;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
