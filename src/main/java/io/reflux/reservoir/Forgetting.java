package io.reflux.reservoir;

import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.Key;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Tells all owners and collectors of an installation what to forget, by records on its reservoir topic. Every call
 * returns when the record is acknowledged; from then on it holds, whoever runs.
 */
public final class Forgetting implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private final TopicNames topics;
    private final Admin admin;
    private final Producer<String, byte @Nullable []> producer;

    /** @param client properties of the clients, with {@code bootstrap.servers} */
    public Forgetting(Map<String, Object> client, TopicNames topics) {
        this.topics = topics;
        Map<String, Object> properties = new HashMap<>(client);
        int patience = (int) PATIENCE.toMillis();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patience / 3);
        this.admin = Admin.create(properties);
        properties.remove(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patience);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, patience);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /**
     * Erases an image: no sample of the feed holds it from here on, whoever sends it again.
     *
     * @throws KafkaException when the broker does not take it in time
     */
    public ErasureRecord erase(String feed, Identity image) {
        return erase(new ErasureRecord(ReservoirKey.OfErasure.of(feed, image), Instant.now(), null));
    }

    /**
     * Erases all images of a device.
     *
     * @param until images taken later are not erased; null erases those to come as well
     * @throws KafkaException when the broker does not take it in time
     */
    public ErasureRecord erase(String feed, Device device, @Nullable Instant until) {
        return erase(new ErasureRecord(ReservoirKey.OfErasure.of(feed, device), Instant.now(), until));
    }

    /**
     * Takes an erasure back: what is sent again may be kept again.
     *
     * @throws KafkaException when the broker does not take it in time
     */
    public void lift(ReservoirKey.OfErasure erasure) {
        write(erasure.feed(), erasure.key(), null);
    }

    /**
     * Lets a feed begin anew: sample, counts and what was settled are forgotten, and images sent until now do not count.
     *
     * @param delete whether its generations and rounds go as well
     * @throws KafkaException when the broker does not take it in time
     */
    public ResetRecord restart(String feed, boolean delete) {
        ResetRecord reset = new ResetRecord(
                new ReservoirKey.OfReset(feed), UUID.randomUUID().toString(), Instant.now(), delete, imagesEnds());
        write(reset);
        return reset;
    }

    /**
     * The identity of an image that was sent without an event: its place on the images topic.
     *
     * @throws KafkaException when the broker does not say
     */
    public Identity imageAt(int partition, long offset) {
        return Identity.ofOffset(describe(topics.images()).topicId().toString(), partition, offset);
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
        admin.close(PATIENCE);
    }

    private ErasureRecord erase(ErasureRecord record) {
        write(record);
        return record;
    }

    private Map<Integer, Long> imagesEnds() {
        Map<TopicPartition, OffsetSpec> asked = describe(topics.images()).partitions().stream()
                .collect(Collectors.toMap(
                        part -> new TopicPartition(topics.images(), part.partition()), part -> OffsetSpec.latest()));
        Map<Integer, Long> ends = new TreeMap<>();
        await(admin.listOffsets(asked).all(), "the ends of " + topics.images() + " cannot be read")
                .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        return ends;
    }

    private TopicDescription describe(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames(), "topic " + topic + " cannot be described")
                .values()
                .iterator()
                .next();
    }

    private void write(ReservoirRecord record) {
        write(record.key().feed(), record.key().key(), record.value());
    }

    private void write(String feed, Key key, byte @Nullable [] value) {
        int partition = TopicNames.partitionOf(
                feed, describe(topics.reservoir()).partitions().size());
        try {
            producer.send(new ProducerRecord<>(topics.reservoir(), partition, key.text(), value))
                    .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(key + " could not be written to " + topics.reservoir() + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing to " + topics.reservoir(), e);
        }
    }

    private static <T> T await(KafkaFuture<T> future, String problem) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(problem + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(problem + ": interrupted", e);
        }
    }

    private static String reason(Exception problem) {
        Throwable cause = problem.getCause() == null ? problem : problem.getCause();
        return String.valueOf(cause.getMessage());
    }
}
