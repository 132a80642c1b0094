package io.reflux.feeds;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.reflux.config.RefluxConfig;
import io.reflux.config.Role;
import io.reflux.kafka.KafkaConnection;
import io.reflux.wire.TopicNames;
import io.vertx.core.eventbus.EventBus;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the topics say of all feeds, for the API: follows {@code reservoir}, {@code distilled} and {@code rounds} on a
 * thread of its own, without a group, so that any replica can answer for any feed. Starts with the API's role.
 */
@Singleton
public class FeedView {
    private static final int FETCH_BYTES = 1 << 20;
    private static final int FETCH_MILLISECONDS = 100;
    private static final Logger LOG = Logger.getLogger(FeedView.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** The address of Vert.x' event bus that hears the name of each feed of which something has changed. */
    public static final String CHANGED = "reflux-feed-changed";

    private final RefluxConfig config;
    private final KafkaConnection kafka;
    private final EventBus bus;
    private final Map<String, FeedStatus> feeds = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> behind = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private @Nullable Thread thread;
    private volatile @Nullable Consumer<String, byte @Nullable []> consumer;

    @Inject
    FeedView(RefluxConfig config, KafkaConnection kafka, EventBus bus) {
        this.config = config;
        this.kafka = kafka;
        this.bus = bus;
    }

    /** Feeds that are configured or of which a topic tells, by name. */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(feeds.keySet());
        names.removeIf(name -> Objects.requireNonNull(feeds.get(name)).isDeleted());
        names.addAll(config.feeds().keySet());
        return names;
    }

    /** The state of a feed; empty when nobody has heard of it. */
    public Optional<FeedStatus> feed(String name) {
        FeedStatus status = feeds.get(name);
        return (status == null || status.isDeleted()) && config.feeds().containsKey(name)
                ? Optional.of(new FeedStatus())
                : Optional.ofNullable(status).filter(found -> !found.isDeleted());
    }

    /**
     * Waits until everything that stood on the topics at the start has been read.
     *
     * @return whether it has
     */
    public boolean awaitCaughtUp(Duration patience) {
        try {
            return caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void start(@Observes StartupEvent event) {
        if (config.roles().contains(Role.API)) {
            Consumer<String, byte @Nullable []> opened = open();
            consumer = opened;
            thread = new Thread(() -> follow(opened), "reflux-feed-view");
            thread.start();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        closing.countDown();
        Consumer<String, byte @Nullable []> open = consumer;
        Thread running = thread;
        if (open != null && running != null) {
            open.wakeup();
            try {
                running.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Consumer<String, byte @Nullable []> open() {
        Map<String, Object> properties = kafka.clientProperties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // Views may be a tenth of a second old, and a busy reservoir is cheaper to follow in large pieces.
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MILLISECONDS);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private void follow(Consumer<String, byte @Nullable []> opened) {
        FeedRecords records =
                new FeedRecords(kafka.names(), name -> feeds.computeIfAbsent(name, unseen -> new FeedStatus()));
        try (opened) {
            opened.assign(partitions());
            opened.seekToBeginning(opened.assignment());
            while (closing.getCount() > 0) {
                step(opened, records);
            }
        } catch (WakeupException e) {
            LOG.debug("the view of the feeds closes");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step(Consumer<String, byte @Nullable []> opened, FeedRecords records) throws InterruptedException {
        try {
            if (caughtUp.getCount() > 0 && behind.isEmpty()) {
                behind.putAll(opened.endOffsets(opened.assignment()));
            }
            Set<String> changed = records.take(opened.poll(POLL));
            changed.forEach(feed -> bus.publish(CHANGED, feed));
            behind.entrySet().removeIf(end -> opened.position(end.getKey()) >= end.getValue());
            if (behind.isEmpty()) {
                caughtUp.countDown();
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warnf("the topics cannot be read for the moment: %s", e.getMessage());
            closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private List<TopicPartition> partitions() {
        TopicNames names = kafka.names();
        return Stream.of(names.reservoir(), names.distilled(), names.rounds())
                .flatMap(topic -> IntStream.range(0, kafka.partitionsByFeed())
                        .mapToObj(partition -> new TopicPartition(topic, partition)))
                .toList();
    }
}
