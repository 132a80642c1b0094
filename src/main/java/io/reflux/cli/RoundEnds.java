package io.reflux.cli;

import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Counts how the rounds of a feed end. */
final class RoundEnds implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte @Nullable []> consumer;
    private final Map<RoundEvent.Type, Integer> ends = new EnumMap<>(RoundEvent.Type.class);

    RoundEnds(IngestCluster cluster, String feed) {
        Map<String, Object> properties = cluster.client();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition =
                new TopicPartition(cluster.topics().rounds(), TopicNames.partitionOf(feed, cluster.partitionsByFeed()));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** @throws CommandException when a round failed, saying why */
    void look() {
        for (ConsumerRecord<String, byte @Nullable []> entry : consumer.poll(POLL)) {
            byte[] value = entry.value();
            if (value != null) {
                note(value);
            }
        }
    }

    private void note(byte[] value) {
        RoundEvent event;
        try {
            event = RoundEvent.fromBytes(value);
        } catch (WireException e) {
            throw new IllegalStateException("the service wrote what cannot be read", e);
        }
        if (event.type().ends()) {
            ends.merge(event.type(), 1, Integer::sum);
        }
        if (event.type() == RoundEvent.Type.FAILED) {
            throw CommandException.failure("a round failed: "
                    + Objects.requireNonNullElse(event.detail().reason(), "no reason was given"));
        }
    }

    /** Rounds that came to their end, published or not. */
    int count() {
        return ends.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Of those, the ones that were published. */
    int published() {
        return ends.getOrDefault(RoundEvent.Type.FINISHED, 0);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
