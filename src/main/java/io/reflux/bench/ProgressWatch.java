package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.Meter;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows the progress records of a feed, on a thread of its own. A progress record is written after all that it counts
 * has been acknowledged, so when it is read here, the images below its offset are done.
 */
final class ProgressWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<String, byte @Nullable []> consumer;
    private final Thread thread = new Thread(this::follow, "progress-watch");
    private final String feed;
    private final Map<Integer, Long> images = new TreeMap<>();
    private final List<Passing> passings = new ArrayList<>();
    private final List<Latencies.Mark> marks = new ArrayList<>();
    private long rejected;
    private boolean closed;

    ProgressWatch(IngestCluster cluster, String feed) {
        this.feed = feed;
        Map<String, Object> properties = cluster.client();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(
                cluster.topics().reservoir(), TopicNames.partitionOf(feed, cluster.partitionsByFeed()));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits until so many images are done.
     *
     * @return when that was seen first, and how many there were then
     * @throws CommandException when some are dead-lettered, the service ends, or nothing is heard for a minute
     */
    synchronized Passing await(long count, ServiceChild service, Meter meter) {
        long heard = System.nanoTime();
        long seen = -1;
        while (true) {
            Optional<Passing> reached = passings.stream()
                    .filter(passing -> passing.images() >= count)
                    .findFirst();
            if (reached.isPresent()) {
                return reached.get();
            }
            long now =
                    passings.isEmpty() ? 0 : passings.get(passings.size() - 1).images();
            heard = now > seen ? System.nanoTime() : heard;
            seen = now;
            meter.at(seen, "");
            requireGood(count, heard, service);
            pause();
        }
    }

    /** Where the service was when, in the order of time. */
    synchronized List<Latencies.Mark> marks() {
        return List.copyOf(marks);
    }

    /** Images done so far. */
    synchronized long done() {
        return passings.isEmpty() ? 0 : passings.get(passings.size() - 1).images();
    }

    private void requireGood(long count, long heard, ServiceChild service) {
        service.requireAlive();
        if (rejected > 0) {
            throw CommandException.failure("the service dead-lettered " + rejected + " images of the measurement");
        }
        if (System.nanoTime() - heard > PATIENCE.toNanos()) {
            throw CommandException.failure("the service has counted " + images + " of " + count
                    + " images and no more for " + PATIENCE.toSeconds() + " s: " + service.lastLines());
        }
    }

    private void pause() {
        try {
            wait(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failure("interrupted while waiting for the service", e);
        }
    }

    private void follow() {
        try (consumer) {
            while (!isClosed()) {
                consumer.poll(POLL).forEach(this::take);
            }
        } catch (WakeupException e) {
            return; // closed
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void take(ConsumerRecord<String, byte @Nullable []> entry) {
        byte[] value = entry.value();
        // images are most of the topic, and need not be parsed
        if (value != null && entry.key().startsWith(feed + "/progress/")) {
            try {
                ReservoirKey key = ReservoirKey.parse(entry.key()).orElseThrow();
                if (ReservoirRecord.parse(key, value) instanceof ProgressRecord progress) {
                    note(progress);
                }
            } catch (WireException e) {
                throw new IllegalStateException("the service wrote what cannot be read", e);
            }
        }
    }

    private synchronized void note(ProgressRecord progress) {
        int partition = progress.key().partition();
        images.put(partition, progress.images());
        rejected +=
                progress.rejects().values().stream().mapToLong(Long::longValue).sum();
        passings.add(new Passing(
                System.nanoTime(),
                images.values().stream().mapToLong(Long::longValue).sum()));
        marks.add(new Latencies.Mark(partition, progress.offset(), System.currentTimeMillis()));
        notifyAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
