package io.reflux.reservoir;

import io.opentelemetry.api.trace.SpanContext;
import io.quarkus.runtime.ShutdownEvent;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.kafka.KafkaConnection;
import io.reflux.telemetry.RecentTraces;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Key;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.TopicNames;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The owner of the samples of the feeds whose partitions the consumer group gives to this process. It reads a partition
 * from the beginning whenever it is given one and commits nothing: the topic is the state. What fell out of a sample, or
 * was erased or forgotten, gets a tombstone, but only after the end the partition had at the start has been reached.
 *
 * <p>A tombstone says by a header of which incarnation of the feed the record was that it is meant for. One that has
 * buried a later record of the same image, because that was sent anew while the feed was being reset, is made good by
 * writing the image once more.
 */
@Singleton
public class ReservoirTopic {
    private static final Logger LOG = Logger.getLogger(ReservoirTopic.class);
    private static final String INCARNATION = "incarnation";
    private static final String GROUP = "reflux-distillery";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MERGE_BYTES = 1 << 20;
    private static final int MERGE_MILLISECONDS = 100;
    private static final int MERGE_RECORDS = 2_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final RefluxConfig config;
    private final Map<String, Object> client;
    private final TopicNames names;
    private final Map<Integer, OwnedPartition> owned = new ConcurrentHashMap<>();
    /** Partitions the group has given us that are not taken over yet; true once the listener knows. */
    private final Map<Integer, Boolean> given = new TreeMap<>();

    /** Whether the group has said what is ours. */
    private boolean joined;

    private volatile boolean settled;

    /** Where images of late come from; null when nobody traces them. */
    private final @Nullable RecentTraces traces;

    private final Queue<Question> questions = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile @Nullable Producer<String, byte @Nullable []> producer;
    private volatile @Nullable KafkaConsumer<String, byte @Nullable []> consumer;

    /** Whether a partition still is ours. */
    private record Question(int partition, CompletableFuture<Boolean> answer) {}

    @Inject
    ReservoirTopic(RefluxConfig config, KafkaConnection kafka, Tracing tracing) {
        this(config, kafka.clientProperties(), kafka.names(), tracing);
    }

    /** @param client properties of the clients, with {@code bootstrap.servers} */
    public ReservoirTopic(RefluxConfig config, Map<String, Object> client, TopicNames names, Tracing tracing) {
        this.traces = tracing.isOn() ? new RecentTraces() : null;
        this.config = config;
        this.client = Map.copyOf(client);
        this.names = names;
    }

    /** Joins the group and follows its partitions on a thread of its own until {@link #close()}; once only. */
    public synchronized void start(OwnershipListener listener) {
        if (thread != null) {
            throw new IllegalStateException("the owner of " + names.reservoir() + " has been started already");
        }
        producer = producer();
        KafkaConsumer<String, byte @Nullable []> started = consumer();
        consumer = started;
        thread = new Thread(() -> follow(started, listener), "reflux-owner");
        thread.start();
    }

    /** Leaves the group; the listener hears that its partitions are revoked. */
    public synchronized void close() {
        closing.countDown();
        Thread running = thread;
        KafkaConsumer<String, byte @Nullable []> waiting = consumer;
        if (running != null && waiting != null) {
            waiting.wakeup();
            try {
                running.join(CLOSE_PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void stop(@Observes ShutdownEvent event) {
        close();
    }

    /** Whether the thread that follows the topic is at work. */
    public synchronized boolean isAlive() {
        return thread != null && thread.isAlive();
    }

    /** Partitions this process owns. */
    public Set<Integer> partitions() {
        return new TreeSet<>(owned.keySet());
    }

    /** Whether the group has said which partitions are ours, and the feeds of all of them are restored. */
    public boolean isSettled() {
        return settled;
    }

    /** Whether the partition is owned and its feeds are as they were when it was assigned. */
    public boolean isRestored(int partition) {
        OwnedPartition found = owned.get(partition);
        return found != null && found.isRestored();
    }

    /** The feeds of the restored partitions. */
    public Collection<FeedSample> feeds() {
        return owned.values().stream()
                .filter(OwnedPartition::isRestored)
                .flatMap(partition -> partition.feeds().stream())
                .toList();
    }

    /** A feed of a restored partition, by name. */
    public Optional<FeedSample> feed(String name) {
        return feeds().stream().filter(feed -> feed.feed().equals(name)).findFirst();
    }

    /** The spans that images of a feed came from, the newest few since this was asked last. */
    public List<SpanContext> takeOrigins(String feed) {
        return traces == null ? List.of() : traces.take(feed);
    }

    /**
     * Asks the group whether a partition still belongs to this process; waits for the thread that follows the topic.
     *
     * @return false when it does not, or nobody answers in time
     */
    public boolean confirms(int partition) {
        Question question = new Question(partition, new CompletableFuture<>());
        questions.add(question);
        try {
            return question.answer().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** A commit is refused to whoever is no member any more; what it commits is never read. */
    private void answer(KafkaConsumer<String, byte @Nullable []> followed, Question question) {
        TopicPartition partition = new TopicPartition(names.reservoir(), question.partition());
        try {
            boolean held = owned.containsKey(question.partition());
            if (held) {
                followed.commitSync(Map.of(partition, new OffsetAndMetadata(0)), ANSWER);
            }
            question.answer().complete(held);
        } catch (KafkaException e) {
            LOG.infof("the group does not confirm %s: %s", partition, e.getMessage());
            question.answer().complete(false);
        }
    }

    private void follow(KafkaConsumer<String, byte @Nullable []> followed, OwnershipListener listener) {
        try (followed) {
            followed.subscribe(List.of(names.reservoir()), new Rebalance(listener));
            while (closing.getCount() > 0) {
                pollOnce(followed, listener);
            }
        } catch (WakeupException e) {
            LOG.debug("the owner stops");
        } catch (FencedInstanceIdException e) {
            LOG.errorf("another process runs as the instance reflux.instance names; this one owns no feed any more");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Stream.concat(owned.keySet().stream(), given.keySet().stream())
                    .toList()
                    .forEach(partition -> leave(partition, listener));
            Optional.ofNullable(producer).ifPresent(open -> open.close(CLOSE_PATIENCE));
        }
    }

    private void pollOnce(KafkaConsumer<String, byte @Nullable []> followed, OwnershipListener listener)
            throws InterruptedException {
        try {
            ConsumerRecords<String, byte @Nullable []> records = followed.poll(POLL);
            records.partitions().forEach(partition -> read(partition.partition(), records.records(partition)));
            owned.forEach((partition, state) -> {
                if (state.completes(followed.position(new TopicPartition(names.reservoir(), partition)))) {
                    tell(() -> listener.restored(partition));
                }
                state.takeGone().forEach((image, incarnation) -> bury(partition, image.key(), incarnation));
                state.takeWronglyBuried()
                        .forEach(image -> write(partition, image.key().key(), image.value()));
                state.takeUndone()
                        .forEach(counts -> write(partition, counts.key().key(), counts.value()));
            });
            takeOver(followed, listener);
            settled = joined && given.isEmpty() && owned.values().stream().allMatch(OwnedPartition::isRestored);
            for (Question question = questions.poll(); question != null; question = questions.poll()) {
                answer(followed, question);
            }
        } catch (WakeupException | FencedInstanceIdException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.errorf("the owner of %s goes on after: %s", names.reservoir(), e.getMessage());
            closing.await(1, TimeUnit.SECONDS);
        }
    }

    /** Not in the callback of the group: a broker that goes away meanwhile would leave a partition to nobody. */
    private void takeOver(KafkaConsumer<String, byte @Nullable []> followed, OwnershipListener listener) {
        for (int partition : List.copyOf(given.keySet())) {
            if (Boolean.FALSE.equals(given.put(partition, true))) {
                tell(() -> listener.assigned(partition));
            }
            TopicPartition whole = new TopicPartition(names.reservoir(), partition);
            long end = followed.endOffsets(List.of(whole)).getOrDefault(whole, 0L);
            followed.seekToBeginning(List.of(whole));
            owned.put(partition, new OwnedPartition(end, feed -> sample(feed, partition)));
            given.remove(partition);
        }
    }

    private void read(int partition, List<ConsumerRecord<String, byte @Nullable []>> records) {
        OwnedPartition state = owned.get(partition);
        if (state == null) {
            return;
        }
        for (ConsumerRecord<String, byte @Nullable []> record : records) {
            if (record.value() == null) {
                buried(state, record);
            } else {
                Optional<ReservoirRecord> read = ReservoirScan.read(record);
                read.ifPresent(state::read);
                if (traces != null && state.isRestored() && read.isPresent() && read.get() instanceof KeptImage image) {
                    traces.note(image.feed(), record.headers());
                }
            }
        }
        state.settle();
    }

    private static void buried(OwnedPartition state, ConsumerRecord<String, byte @Nullable []> tombstone) {
        Optional<ReservoirKey> key = Optional.ofNullable(tombstone.key()).flatMap(ReservoirKey::parse);
        if (key.isPresent() && key.get() instanceof ReservoirKey.OfImage image) {
            Header incarnation = tombstone.headers().lastHeader(INCARNATION);
            state.buried(image, incarnation == null ? "" : new String(incarnation.value(), StandardCharsets.UTF_8));
        } else if (key.isPresent() && key.get() instanceof ReservoirKey.OfErasure erasure) {
            state.lifted(erasure);
        }
    }

    private FeedSample sample(String feed, int partition) {
        return new FeedSample(
                FeedSettings.of(config, feed),
                partition,
                record -> write(partition, record.key().key(), record.value()));
    }

    private void bury(int partition, Key key, String incarnation) {
        ProducerRecord<String, byte @Nullable []> tombstone =
                new ProducerRecord<>(names.reservoir(), partition, key.text(), null);
        if (!incarnation.isEmpty()) {
            tombstone.headers().add(INCARNATION, incarnation.getBytes(StandardCharsets.UTF_8));
        }
        write(tombstone);
    }

    private void write(int partition, Key key, byte[] value) {
        write(new ProducerRecord<>(names.reservoir(), partition, key.text(), value));
    }

    /** A tombstone that is lost is written again after the next restore. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void write(ProducerRecord<String, byte @Nullable []> record) {
        Producer<String, byte @Nullable []> open = producer;
        if (open != null) {
            open.send(record, (metadata, problem) -> {
                if (problem != null) {
                    LOG.warnf("%s was not written to %s: %s", record.key(), names.reservoir(), problem.getMessage());
                }
            });
        }
    }

    private void leave(int partition, OwnershipListener listener) {
        boolean announced = Boolean.TRUE.equals(given.remove(partition));
        if (owned.remove(partition) != null || announced) {
            tell(() -> listener.revoked(partition));
        }
    }

    /** A listener's failure is its own; the samples go on. */
    private static void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.errorf(e, "a listener to the ownership of partitions failed");
        }
    }

    private KafkaConsumer<String, byte @Nullable []> consumer() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("group.id", names.prefix() + GROUP);
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        // Merging costs by the sample, not by the image: better a tenth of a second's images at once than one by one.
        properties.put("fetch.min.bytes", MERGE_BYTES);
        properties.put("fetch.max.wait.ms", MERGE_MILLISECONDS);
        properties.put("max.poll.records", MERGE_RECORDS);
        properties.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        config.instance().ifPresent(instance -> properties.put("group.instance.id", instance + "-distillery"));
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private Producer<String, byte @Nullable []> producer() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("acks", "all");
        properties.put("linger.ms", 5);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Follows what the group gives and takes. */
    private final class Rebalance implements ConsumerRebalanceListener {
        private final OwnershipListener listener;

        private Rebalance(OwnershipListener listener) {
            this.listener = listener;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            joined = true;
            partitions.forEach(partition -> given.put(partition.partition(), false));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> leave(partition.partition(), listener));
        }
    }
}
