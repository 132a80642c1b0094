package io.reflux.rounds;

import io.opentelemetry.api.trace.SpanContext;
import io.reflux.feeds.FeedRecords;
import io.reflux.feeds.RoundLog;
import io.reflux.wire.Key;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import io.reflux.wire.TraceHeaders;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the events of rounds in the partitions that this process owns, from the beginning and on, on its own thread. */
final class RoundInbox implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RoundInbox.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int REMEMBERED = 256;
    private final TopicNames topics;
    private final int partitions;
    private final Consumer<String, byte @Nullable []> consumer;
    private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
    private final Set<Integer> restored = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Map<String, RoundLog>> logs = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<String, SpanContext> origins = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SpanContext> eldest) {
            return size() > REMEMBERED;
        }
    });
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    RoundInbox(Map<String, Object> client, TopicNames topics, int partitions) {
        this.topics = topics;
        this.partitions = partitions;
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(this::run, "reflux-round-inbox");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to read a partition. */
    void own(int partition) {
        owned.add(partition);
    }

    /** Stops reading a partition. */
    void disown(int partition) {
        owned.remove(partition);
        restored.remove(partition);
    }

    /** Whether every event that stood in the partition when it was given to us has been read. */
    boolean restored(int partition) {
        return restored.contains(partition);
    }

    /** What the feed's events amount to so far. */
    RoundLog log(String feed) {
        return logs.computeIfAbsent(partitionOf(feed), number -> new ConcurrentHashMap<>())
                .computeIfAbsent(feed, name -> new RoundLog());
    }

    /** The partition a feed lives in. */
    int partitionOf(String feed) {
        return TopicNames.partitionOf(feed, partitions);
    }

    /** The span that a request comes from; an invalid one when it does not say. */
    SpanContext originOf(String round) {
        return origins.getOrDefault(round, SpanContext.getInvalid());
    }

    /** Feeds of restored partitions with an open request. */
    List<String> requested() {
        return feeds(log -> log.request().isPresent());
    }

    /** Feeds of restored partitions with a round that has begun and not ended. */
    List<String> begun() {
        return feeds(log -> log.current().isPresent());
    }

    /** What has been asked of generations of restored partitions and not been answered. */
    List<RoundEvent> orders() {
        return feeds(log -> !log.orders().isEmpty()).stream()
                .flatMap(feed -> log(feed).orders().stream())
                .toList();
    }

    private List<String> feeds(Predicate<RoundLog> wanted) {
        return logs.entrySet().stream()
                .filter(entry -> restored.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().entrySet().stream())
                .filter(entry -> wanted.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        closing.countDown();
        consumer.wakeup();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (closing.getCount() > 0) {
                step();
            }
        } catch (WakeupException e) {
            LOG.debug("the inbox of rounds closes");
        }
    }

    private void step() {
        try {
            assign();
            if (consumer.assignment().isEmpty()) {
                pause(POLL);
            } else {
                consumer.poll(POLL).forEach(this::take);
                settle();
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warnf("events of rounds cannot be read for the moment: %s", e.getMessage());
            pause(PAUSE);
        }
    }

    private void assign() {
        Set<TopicPartition> wanted = owned.stream()
                .map(partition -> new TopicPartition(topics.rounds(), partition))
                .collect(Collectors.toSet());
        Set<TopicPartition> fresh = new HashSet<>(wanted);
        fresh.removeAll(consumer.assignment());
        if (!wanted.equals(consumer.assignment())) {
            consumer.assign(wanted);
            consumer.seekToBeginning(fresh);
            ends.keySet().retainAll(wanted);
            fresh.forEach(partition -> logs.remove(partition.partition()));
        }
        Set<TopicPartition> unsettled = new HashSet<>(wanted);
        unsettled.removeIf(partition -> ends.containsKey(partition) || restored.contains(partition.partition()));
        if (!unsettled.isEmpty()) {
            ends.putAll(consumer.endOffsets(unsettled));
        }
    }

    private void settle() {
        ends.entrySet().removeIf(entry -> {
            boolean reached = consumer.position(entry.getKey()) >= entry.getValue();
            if (reached && owned.contains(entry.getKey().partition())) {
                restored.add(entry.getKey().partition());
            }
            return reached;
        });
    }

    private void take(ConsumerRecord<String, byte @Nullable []> entry) {
        RoundEvent event = FeedRecords.event(entry);
        if (entry.value() == null && entry.key() != null) {
            forget(entry.key());
        } else if (event != null) {
            if (event.type() == RoundEvent.Type.REQUESTED) {
                SpanContext origin = TraceHeaders.read(entry.headers());
                if (origin.isValid()) {
                    origins.put(event.round(), origin);
                }
            }
            log(event.feed()).take(event);
        }
    }

    private void forget(String key) {
        try {
            log(Key.parse(key).part(0)).clear();
        } catch (IllegalArgumentException e) {
            LOG.warnf("the key '%s' on %s names no feed", key, topics.rounds());
        }
    }

    private void pause(Duration duration) {
        try {
            closing.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing.countDown();
        }
    }
}
