package io.reflux.intake;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The records that one poll brought of one partition.
 *
 * @param records in the order of their offsets, at least one
 */
record PartitionBatch(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
    /** All records of a poll, those of a partition in their order. */
    static Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> all(
            ConsumerRecords<byte @Nullable [], PartitionBatch> batches) {
        return () -> StreamSupport.stream(batches.spliterator(), false)
                .flatMap(batch -> batch.value().records().stream())
                .iterator();
    }

    /**
     * Hands the channel one record for each partition of a poll, which holds all that there were and stands at the offset
     * of the last. The channel makes a message, a header and a context of each record that it is handed, which for
     * thousands of images costs as much as deciding about them; it commits by the last offset of a partition anyway.
     */
    @RegisterForReflection
    public static final class Interceptor implements ConsumerInterceptor<byte @Nullable [], Object> {
        /** For the consumer, which makes it by name. */
        public Interceptor() {}

        @Override
        public ConsumerRecords<byte @Nullable [], Object> onConsume(
                ConsumerRecords<byte @Nullable [], Object> records) {
            Map<TopicPartition, List<ConsumerRecord<byte @Nullable [], Object>>> batches = new HashMap<>();
            for (TopicPartition partition : records.partitions()) {
                batches.put(partition, List.of(batch(records.records(partition))));
            }
            return new ConsumerRecords<>(batches, records.nextOffsets());
        }

        @SuppressWarnings("unchecked") // the deserializers of the channel give bytes
        private static ConsumerRecord<byte @Nullable [], Object> batch(
                List<ConsumerRecord<byte @Nullable [], Object>> records) {
            ConsumerRecord<byte @Nullable [], Object> last = records.get(records.size() - 1);
            List<?> images = records;
            return new ConsumerRecord<>(last.topic(), last.partition(), last.offset(), null, new PartitionBatch((List<
                            ConsumerRecord<byte @Nullable [], byte @Nullable []>>)
                    images));
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            // only what is read is changed
        }

        @Override
        public void close() {
            // holds nothing
        }

        @Override
        public void configure(Map<String, ?> settings) {
            // has none
        }
    }
}
