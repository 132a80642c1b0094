package io.reflux.rounds;

import io.reflux.kafka.Transactions;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.Key;
import io.reflux.wire.Pointer;
import io.reflux.wire.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes generations, each in one transaction, with one transactional producer for every {@code reservoir} partition
 * that this process owns. Opening a partition fences whoever had it open before.
 */
public final class Publisher implements AutoCloseable {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private final Map<String, Object> client;
    private final TopicNames topics;
    private final int partitions;
    private final IntPredicate owns;
    private final Map<Integer, Producer<String, byte @Nullable []>> producers = new ConcurrentHashMap<>();
    private final ReentrantLock turn = new ReentrantLock();
    private final Transactions transactions = new Transactions();

    /** Open partitions whose producer broke while the broker was away; the next publication connects again. */
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();

    /**
     * @param client properties of the clients, with {@code bootstrap.servers}
     * @param partitions of the topics partitioned by feed
     */
    public Publisher(Map<String, Object> client, TopicNames topics, int partitions) {
        this(client, topics, partitions, partition -> true);
    }

    /** @param owns asks the consumer group whether this process still owns a partition, before it connects again */
    Publisher(Map<String, Object> client, TopicNames topics, int partitions, IntPredicate owns) {
        this.owns = owns;
        this.client = Map.copyOf(client);
        this.topics = topics;
        this.partitions = partitions;
    }

    /**
     * Takes a partition over; blocks until every older producer of it is fenced.
     *
     * @throws KafkaException when the broker does not answer in time
     */
    public void open(int partition) {
        shut(partition);
        producers.put(partition, connect(partition));
    }

    /** Takes a partition over once more, if the group says that it still belongs to this process. */
    void reopen(int partition) {
        if (owns.test(partition)) {
            open(partition);
        }
    }

    /** Gives a partition up. */
    public void shut(int partition) {
        broken.remove(partition);
        Producer<String, byte @Nullable []> producer = producers.remove(partition);
        if (producer != null) {
            producer.close(CLOSE_PATIENCE);
        }
    }

    /** How its transactions ended so far. */
    Transactions transactions() {
        return transactions;
    }

    /** Under which names it publishes. */
    TopicNames topics() {
        return topics;
    }

    /**
     * A record of a transaction.
     *
     * @param topic one of those partitioned by feed
     * @param value null is a tombstone
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(String topic, Key key, byte @Nullable [] value) {}

    /** Does work that reads what stands and writes what follows from it, one at a time. */
    <T> T alone(Supplier<T> work) {
        turn.lock();
        try {
            return work.get();
        } finally {
            turn.unlock();
        }
    }

    /** Partitions that are open. */
    public Set<Integer> open() {
        Set<Integer> open = new HashSet<>(producers.keySet());
        open.addAll(broken);
        return open;
    }

    /**
     * Writes shards, a new whitening matrix, manifest, pointer and tombstones in one transaction.
     *
     * @return fenced when this process no longer owns the feed's partition
     * @throws PublicationException when the broker does not take it; the partition stays open
     */
    public PublishResult publish(Publication publication) {
        Optional<String> fenced = transact(publication.manifest().feed(), entries(publication));
        return fenced.isPresent()
                ? new PublishResult.Fenced(fenced.get())
                : new PublishResult.Committed(publication.manifest());
    }

    /**
     * Writes records of a feed in one transaction.
     *
     * @return why it was not done, when this process no longer owns the feed's partition
     * @throws PublicationException when the broker does not take it; the partition stays open
     */
    Optional<String> transact(String feed, List<Entry> entries) {
        int partition = TopicNames.partitionOf(feed, partitions);
        Producer<String, byte @Nullable []> producer = connected(partition, feed);
        if (producer == null) {
            return Optional.of("this process does not own feed '" + feed + "' any more");
        }
        turn.lock();
        try {
            producer.beginTransaction();
            entries.forEach(entry -> send(producer, partition, entry));
            producer.commitTransaction();
            transactions.add(Transactions.Outcome.COMMITTED);
            return Optional.empty();
        } catch (ProducerFencedException
                | InvalidProducerEpochException
                | OutOfOrderSequenceException
                | IllegalStateException e) {
            return fenced(producer, partition, feed);
        } catch (KafkaException e) {
            return failed(producer, partition, feed, e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        open().forEach(this::shut);
    }

    private List<Entry> entries(Publication publication) {
        List<Entry> entries = new ArrayList<>();
        publication.shards().forEach(shard -> entries.add(entry(shard.key(), shard.value())));
        publication.whitening().forEach(piece -> entries.add(entry(piece.key(), piece.value())));
        byte[] manifest = publication.manifest().toBytes();
        entries.add(entry(publication.manifest().key(), manifest));
        Pointer pointer = Pointer.at(publication.manifest(), manifest);
        entries.add(entry(pointer.key(), pointer.toBytes()));
        publication.expired().forEach(key -> entries.add(entry(key, null)));
        return entries;
    }

    private Entry entry(Key key, byte @Nullable [] value) {
        return new Entry(topics.distilled(), key, value);
    }

    // Failed sends surface in commitTransaction.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void send(Producer<String, byte @Nullable []> producer, int partition, Entry entry) {
        ProducerRecord<String, byte @Nullable []> record =
                new ProducerRecord<>(entry.topic(), partition, entry.key().text(), entry.value());
        Tracing.mark(record.headers());
        producer.send(record);
    }

    /** Aborts; a producer that cannot even abort is replaced, which ends its transaction at the broker. */
    private Optional<String> failed(
            Producer<String, byte @Nullable []> producer, int partition, String feed, KafkaException problem) {
        if (isFencing(problem)) {
            return fenced(producer, partition, feed);
        }
        transactions.add(Transactions.Outcome.ABORTED);
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            problem.addSuppressed(e);
            replace(producer, partition);
        }
        if (!open().contains(partition)) {
            return Optional.of("this process does not own feed '" + feed + "' any more");
        }
        throw new PublicationException(
                "the generation of feed '" + feed + "' could not be published: " + problem.getMessage(), problem);
    }

    private Optional<String> fenced(Producer<String, byte @Nullable []> producer, int partition, String feed) {
        transactions.add(Transactions.Outcome.FENCED);
        retire(producer, partition);
        return Optional.of("another process has taken over feed '" + feed + "'");
    }

    // A partition that was given up and taken again meanwhile has another producer, which is none of ours.
    private void retire(Producer<String, byte @Nullable []> producer, int partition) {
        if (producers.remove(partition, producer)) {
            producer.close(CLOSE_PATIENCE);
        }
    }

    // Only the producer still in charge is replaced: a partition given up meanwhile belongs to somebody else.
    private void replace(Producer<String, byte @Nullable []> producer, int partition) {
        if (producers.remove(partition, producer)) {
            broken.add(partition);
            producer.close(Duration.ZERO);
        }
    }

    private @Nullable Producer<String, byte @Nullable []> connected(int partition, String feed) {
        if (broken.contains(partition)) {
            // A process that stood still would fence the owner that has taken over meanwhile.
            if (!owns.test(partition)) {
                throw new PublicationException(
                        "the group has not confirmed yet that feed '" + feed + "' belongs to this process",
                        new TimeoutException("not confirmed"));
            }
            try {
                producers.put(partition, connect(partition));
                broken.remove(partition);
            } catch (KafkaException e) {
                throw new PublicationException(
                        "the generation of feed '" + feed + "' cannot be published yet: " + e.getMessage(), e);
            }
        }
        return producers.get(partition);
    }

    private static boolean isFencing(KafkaException problem) {
        Throwable cause = problem.getCause();
        return problem instanceof ApplicationRecoverableException
                || cause instanceof ProducerFencedException
                || cause instanceof InvalidProducerEpochException;
    }

    private Producer<String, byte @Nullable []> connect(int partition) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "reflux-" + topics.reservoir() + "-" + partition);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000);
        Producer<String, byte @Nullable []> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return producer;
        } catch (KafkaException e) {
            producer.close(CLOSE_PATIENCE);
            throw e;
        }
    }
}
