package io.reflux.rounds;

import io.reflux.wire.Manifest;
import io.reflux.wire.Pointer;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads published generations as anybody outside would: {@code read_committed}, without a group, from the beginning of
 * the feed's partition; follows the pointer and checks every length and digest. Each call uses a client of its own, so
 * one reader serves many threads.
 */
public final class GenerationReader {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

    /** A shard that does not fit may have been replaced after the pointer was read; so many looks tell. */
    private static final int LOOKS = 5;

    private final Map<String, Object> client;
    private final TopicNames topics;

    /**
     * @param bootstrap {@code host:port,…} of the cluster
     * @param extra further properties of the clients, such as security
     */
    public GenerationReader(String bootstrap, TopicNames topics, Map<String, Object> extra) {
        this.client = new HashMap<>(extra);
        this.client.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        this.topics = topics;
    }

    /**
     * The current generation of a feed; empty when it has none.
     *
     * @throws GenerationException when it is half published or damaged, or the broker does not answer in time
     */
    public Optional<Generation> current(String feed) {
        return with(feed, Cursor::current);
    }

    /**
     * A generation of a feed by its number; empty when it has none such, or none such any more.
     *
     * @throws GenerationException as {@link #current(String)}
     */
    public Optional<Generation> generation(String feed, long number) {
        return with(feed, cursor -> cursor.generation(number));
    }

    /**
     * Waits until a generation with at least this number is current.
     *
     * @throws GenerationException when there is none within the timeout, saying what there is
     */
    public Generation await(String feed, long minimumGeneration, Duration timeout) {
        return with(feed, cursor -> cursor.await(minimumGeneration, timeout));
    }

    /** Every manifest of a feed that stands on the topic, oldest first. */
    public List<Manifest> manifests(String feed) {
        return with(feed, Cursor::manifests);
    }

    /** All that stands on the topic for a feed. */
    public Standing standing(String feed) {
        return with(feed, Cursor::standing);
    }

    /**
     * The generation a pointer names, whether that is the current one or not.
     *
     * @throws GenerationException when it is not whole
     */
    public Generation assemble(Pointer pointer) {
        return with(pointer.feed(), cursor -> cursor.assemble(pointer));
    }

    private <T> T with(String feed, Reading<T> reading) {
        try (Consumer<String, byte[]> consumer = connect()) {
            return reading.read(new Cursor(consumer, partition(consumer, feed), feed));
        } catch (KafkaException e) {
            throw new GenerationException(
                    "topic " + topics.distilled() + " at " + client.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)
                            + " cannot be read: " + cause(e) + "; check that the broker runs and the address is right",
                    e);
        }
    }

    private Consumer<String, byte[]> connect() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private TopicPartition partition(Consumer<String, byte[]> consumer, String feed) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topics.distilled(), PATIENCE);
        if (partitions == null || partitions.isEmpty()) {
            throw new GenerationException(
                    "topic " + topics.distilled() + " does not exist at "
                            + client.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)
                            + "; start the service once, or name another prefix",
                    null);
        }
        return new TopicPartition(topics.distilled(), TopicNames.partitionOf(feed, partitions.size()));
    }

    private static String cause(KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage());
    }

    /** Something put together from what has been read. */
    private interface Look {
        Optional<Generation> look() throws WireException;
    }

    /** Something read with a cursor. */
    private interface Reading<T> {
        T read(Cursor cursor);
    }

    /** One client going through the feed's partition. */
    private static final class Cursor {
        private final Consumer<String, byte[]> consumer;
        private final TopicPartition partition;
        private final DistilledLog log;
        private final String feed;

        Cursor(Consumer<String, byte[]> consumer, TopicPartition partition, String feed) {
            this.consumer = consumer;
            this.partition = partition;
            this.feed = feed;
            this.log = new DistilledLog(feed);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }

        List<Manifest> manifests() {
            advance();
            return log.manifests();
        }

        Standing standing() {
            advance();
            return log.standing();
        }

        Generation assemble(Pointer pointer) {
            advance();
            try {
                return log.assemble(pointer);
            } catch (WireException e) {
                throw new GenerationException(
                        "generation " + pointer.generation() + " of feed '" + feed + "' is not whole: "
                                + e.getMessage(),
                        e);
            }
        }

        Optional<Generation> current() {
            return looking("the current generation", () -> {
                Optional<Pointer> pointer = log.pointer();
                return pointer.isEmpty() ? Optional.empty() : Optional.of(log.assemble(pointer.get()));
            });
        }

        Optional<Generation> generation(long number) {
            return looking("generation " + number, () -> log.generation(number));
        }

        private Optional<Generation> looking(String what, Look wanted) {
            WireException problem = null;
            for (int look = 0; look < LOOKS; look++) {
                advance();
                try {
                    return wanted.look();
                } catch (WireException e) {
                    problem = e;
                }
                poll();
            }
            throw new GenerationException(
                    what + " of feed '" + feed + "' is half published or damaged: "
                            + (problem == null ? "unknown" : problem.getMessage())
                            + "; wait for the next generation, or request a round",
                    problem);
        }

        Generation await(long minimum, Duration timeout) {
            long deadline = System.nanoTime() + timeout.toNanos();
            advance();
            long number = number();
            while (number < minimum) {
                if (System.nanoTime() > deadline) {
                    throw new GenerationException(
                            "feed '" + feed + "' has no generation " + minimum + " after " + timeout.toSeconds()
                                    + " s; " + (number == 0 ? "it has none yet" : "its current one is " + number),
                            null);
                }
                poll();
                number = number();
            }
            return current().orElseThrow();
        }

        private long number() {
            try {
                return log.pointer().map(Pointer::generation).orElse(0L);
            } catch (WireException e) {
                throw new GenerationException("feed '" + feed + "': " + e.getMessage(), e);
            }
        }

        /** Reads to the end as it is now. */
        private void advance() {
            long end = consumer.endOffsets(List.of(partition), PATIENCE).getOrDefault(partition, 0L);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition, PATIENCE) < end) {
                if (System.nanoTime() > deadline) {
                    throw new GenerationException(
                            "the broker gave no records of " + partition + " for " + PATIENCE.toSeconds() + " s",
                            new TimeoutException("no records"));
                }
                poll();
            }
        }

        private void poll() {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                log.take(record.key(), record.value());
            }
        }
    }
}
