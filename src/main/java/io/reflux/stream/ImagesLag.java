package io.reflux.stream;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How many images wait to be taken, by the partitions of the images topic that this process reads. The broker is asked,
 * not the consumer, which knows of nothing that came while it stood still.
 */
@Singleton
public class ImagesLag {
    private static final String GROUP = "reflux-collector";
    private static final int PATIENCE_MILLIS = 3_000;
    private final KafkaConnection kafka;
    private final Collector collector;
    private volatile Map<Integer, Long> lag = Map.of();
    private @Nullable Admin admin;

    @Inject
    ImagesLag(KafkaConnection kafka, Collector collector) {
        this.kafka = kafka;
        this.collector = collector;
    }

    /** Records behind, by partition, when the broker was last asked; empty when it did not answer. */
    public Map<Integer, Long> byPartition() {
        return lag;
    }

    /** Asks the broker; takes some seconds when it is away. */
    public void look() {
        Set<Integer> read = collector.partitions();
        try {
            lag = kafka.isOpen() && !read.isEmpty() ? measured(read) : Map.of();
        } catch (ExecutionException | TimeoutException e) {
            lag = Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lag = Map.of();
        }
    }

    private Map<Integer, Long> measured(Set<Integer> read)
            throws ExecutionException, InterruptedException, TimeoutException {
        Set<TopicPartition> partitions = read.stream()
                .map(partition -> new TopicPartition(kafka.names().images(), partition))
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
        admin().listOffsets(wanted)
                .all()
                .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed()
            throws ExecutionException, InterruptedException, TimeoutException {
        String group = kafka.names().prefix() + GROUP;
        return admin().listConsumerGroupOffsets(
                        Map.of(group, new ListConsumerGroupOffsetsSpec()), new ListConsumerGroupOffsetsOptions())
                .partitionsToOffsetAndMetadata(group)
                .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private synchronized Admin admin() {
        Admin open = admin;
        if (open == null) {
            Map<String, Object> properties = kafka.clientProperties();
            properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            open = Admin.create(properties);
            admin = open;
        }
        return open;
    }
}
