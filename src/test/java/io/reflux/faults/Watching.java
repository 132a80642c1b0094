package io.reflux.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Counts what is written to a topic, as it comes, so that a fault can be timed by what the service has done. */
final class Watching implements AutoCloseable {
    /** Only a writer that has stopped for good is not worth waiting for: how long it takes is not what is tested. */
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AtomicLong records = new AtomicLong();
    private final Thread thread = new Thread(this::follow, "watching");
    private volatile boolean closed;

    Watching(Map<String, Object> client, String topic, int partitions) {
        client.put("enable.auto.commit", false);
        client.put("auto.offset.reset", "earliest");
        client.put("allow.auto.create.topics", false);
        this.consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        thread.start();
    }

    /** Records seen so far. */
    long count() {
        return records.get();
    }

    /**
     * Waits until so many have been seen.
     *
     * @param writer that writes them
     * @param others that it needs for that, in words
     */
    void await(long count, ChildProcess writer, Supplier<String> others) {
        long before = count();
        try {
            Awaitility.await(writer.name() + " writes")
                    .atMost(BOUND)
                    .pollInterval(Duration.ofMillis(5))
                    .pollDelay(Duration.ZERO)
                    .until(() -> records.get() >= count);
        } catch (ConditionTimeoutException e) {
            String lastWords = writer.tail();
            throw new AssertionError(
                    "%s has written %d of %d records in %s to a topic that %s watched; %s; it %s%n%s"
                            .formatted(
                                    writer.name(),
                                    count() - before,
                                    count - before,
                                    BOUND,
                                    thread.isAlive() ? "is" : "is no longer",
                                    others.get(),
                                    writer.state(),
                                    lastWords),
                    e);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try (consumer) {
            while (!closed) {
                records.addAndGet(consumer.poll(Duration.ofMillis(100)).count());
            }
        } catch (KafkaException e) {
            throw new IllegalStateException("the topic cannot be watched", e);
        }
    }
}
