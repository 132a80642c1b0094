package io.reflux.intake;

import io.reflux.kafka.ImpatientAdmin;
import io.reflux.kafka.KafkaConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How many images wait to be taken. The broker is asked, not the consumer, which knows of nothing that came while it stood
 * still.
 */
@Singleton
public class ImagesLag {
    private static final String GROUP = "reflux-collector";
    private final KafkaConnection kafka;
    private final Collector collector;
    private final ImpatientAdmin admin;
    private volatile Map<Integer, Long> lag = Map.of();

    @Inject
    ImagesLag(KafkaConnection kafka, Collector collector, ImpatientAdmin admin) {
        this.kafka = kafka;
        this.admin = admin;
        this.collector = collector;
    }

    /**
     * Records behind, by the partitions of the images topic that this process reads, when the broker was last asked; empty
     * when it did not answer.
     */
    public Map<Integer, Long> byPartition() {
        Map<Integer, Long> own = new HashMap<>(lag);
        own.keySet().retainAll(collector.partitions());
        return own;
    }

    /** Records behind in all partitions, whoever reads them; empty when the broker did not answer. */
    public OptionalLong waiting() {
        Map<Integer, Long> all = lag;
        return all.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        all.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Asks the broker; takes some seconds when it is away. */
    public void look() {
        try {
            lag = kafka.isOpen() ? measured() : Map.of();
        } catch (ExecutionException | TimeoutException e) {
            lag = Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lag = Map.of();
        }
    }

    private Map<Integer, Long> measured() throws ExecutionException, InterruptedException, TimeoutException {
        Set<TopicPartition> partitions = IntStream.range(0, kafka.imagesPartitions())
                .mapToObj(partition -> new TopicPartition(kafka.names().images(), partition))
                .collect(Collectors.toSet());
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, OffsetAndMetadata> reached = committed();
        Map<Integer, Long> behind = new HashMap<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata mark = reached.get(partition);
            long begin = begins.getOrDefault(partition, 0L);
            long at = mark == null ? begin : Math.max(begin, mark.offset());
            behind.put(partition.partition(), Math.max(0, end - at));
        });
        return behind;
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, OffsetSpec> wanted =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.ask(broker -> broker.listOffsets(wanted).all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed()
            throws ExecutionException, InterruptedException, TimeoutException {
        String group = kafka.names().prefix() + GROUP;
        return admin.ask(broker -> broker.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    }
}
