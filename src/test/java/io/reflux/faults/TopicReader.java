package io.reflux.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics from their beginning to their present end, as anybody would. */
final class TopicReader {
    private final Map<String, Object> client;
    private final String isolation;

    /** @param isolation {@code read_committed} or {@code read_uncommitted} */
    TopicReader(Map<String, Object> client, String isolation) {
        this.client = client;
        this.isolation = isolation;
    }

    static TopicReader committed(BrokerProcess broker) {
        return new TopicReader(broker.client(), "read_committed");
    }

    static TopicReader uncommitted(BrokerProcess broker) {
        return new TopicReader(broker.client(), "read_uncommitted");
    }

    /** Every record, partition by partition in order. */
    List<ConsumerRecord<String, byte[]>> all(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = open()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    /** What compaction would leave in the end: the last value of each key, and nothing where that is a tombstone. */
    Map<String, byte[]> compacted(String topic) {
        Map<String, byte[]> values = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : all(topic)) {
            if (record.value() == null) {
                values.remove(record.key());
            } else {
                values.put(record.key(), record.value());
            }
        }
        return values;
    }

    /** The end of every partition. */
    Map<Integer, Long> ends(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = open()) {
            Map<Integer, Long> ends = new LinkedHashMap<>();
            consumer.endOffsets(partitions(consumer, topic))
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    /** Records in the topic, by its offsets. */
    long size(String topic) {
        return ends(topic).values().stream().mapToLong(Long::longValue).sum();
    }

    private KafkaConsumer<String, byte[]> open() {
        Map<String, Object> properties = new LinkedHashMap<>(client);
        properties.put("isolation.level", isolation);
        properties.put("enable.auto.commit", false);
        properties.put("allow.auto.create.topics", false);
        properties.put("max.poll.records", 5_000);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }
}
