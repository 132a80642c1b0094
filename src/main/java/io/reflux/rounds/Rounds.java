package io.reflux.rounds;

import io.reflux.telemetry.Tracing;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;

/** Writes the events of rounds to their topic, acknowledged by all replicas. */
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Rounds.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A send to a broker that is away blocks; a round that computes meanwhile cannot wait at every step. */
    private static final Duration QUIET = Duration.ofMinutes(2);

    private final TopicNames topics;
    private final int partitions;
    private final Producer<String, byte[]> producer;
    private volatile long quietUntil = System.nanoTime();

    /**
     * @param client properties of the clients, with {@code bootstrap.servers}
     * @param partitions of the topics partitioned by feed
     */
    public Rounds(Map<String, Object> client, TopicNames topics, int partitions) {
        this.topics = topics;
        this.partitions = partitions;
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis() / 3);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /**
     * Asks the feed's owner for a round; returns when the request is on the topic.
     *
     * @return the event, whose round id names the round from now on
     * @throws KafkaException when the broker does not take it in time
     */
    public RoundEvent request(String feed) {
        return await(RoundEvent.of(
                RoundEvent.Type.REQUESTED, feed, UUID.randomUUID().toString(), Instant.now(), RoundDetail.NONE));
    }

    /**
     * Asks the feed's owner to stop a round; returns when the request is on the topic.
     *
     * @throws KafkaException when the broker does not take it in time
     */
    public RoundEvent cancel(String feed, String round) {
        return await(RoundEvent.of(RoundEvent.Type.CANCEL_REQUESTED, feed, round, Instant.now(), RoundDetail.NONE));
    }

    /**
     * Asks the feed's owner to pin, unpin or go back to a generation; returns when the request is on the topic.
     *
     * @param type one that asks something of a generation
     * @return the event, by whose round id the answer is known
     * @throws KafkaException when the broker does not take it in time
     */
    public RoundEvent ask(RoundEvent.Type type, String feed, long generation) {
        if (!type.asksOfGeneration()) {
            throw new IllegalArgumentException(type + " asks nothing of a generation");
        }
        return await(RoundEvent.of(
                type, feed, UUID.randomUUID().toString(), Instant.now(), RoundDetail.generation(generation)));
    }

    /**
     * Writes an event and waits for the broker.
     *
     * @throws KafkaException when the broker does not take it in time
     */
    public RoundEvent await(RoundEvent event) {
        try {
            producer.send(entry(event)).get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            quietUntil = System.nanoTime();
            return event;
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(
                    "the event '" + event.type().text() + "' could not be written to " + topics.rounds() + ": "
                            + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing to " + topics.rounds(), e);
        }
    }

    /** Writes an event whose loss does no harm, such as progress. */
    @SuppressWarnings("FutureReturnValueIgnored")
    public void tell(RoundEvent event) {
        if (System.nanoTime() - quietUntil < 0) {
            return;
        }
        try {
            producer.send(entry(event), (metadata, problem) -> {
                if (problem != null) {
                    quietUntil = System.nanoTime() + QUIET.toNanos();
                    LOG.debugf("event %s of feed %s lost: %s", event.type(), event.feed(), problem.getMessage());
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            LOG.debugf("event %s of feed %s lost: %s", event.type(), event.feed(), e.getMessage());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }

    private ProducerRecord<String, byte[]> entry(RoundEvent event) {
        ProducerRecord<String, byte[]> entry = new ProducerRecord<>(
                topics.rounds(),
                TopicNames.partitionOf(event.feed(), partitions),
                event.key().text(),
                event.toBytes());
        entry.headers().add("content-type", RoundEvent.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
        Tracing.mark(entry.headers());
        return entry;
    }
}
