package io.reflux.cli;

import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Follows how far a feed's round is in its iterations. */
final class RoundWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String STAGE = "distilling";

    private final KafkaConsumer<String, byte @Nullable []> consumer;
    private final List<Iteration> iterations = new ArrayList<>();

    /**
     * A moment of the round.
     *
     * @param seconds since the epoch, as the service tells them
     * @param done iterations
     */
    record Iteration(double seconds, long done) {}

    RoundWatch(IngestCluster cluster, String feed) {
        Map<String, Object> properties = cluster.client();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition =
                new TopicPartition(cluster.topics().rounds(), TopicNames.partitionOf(feed, cluster.partitionsByFeed()));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /** Waits until the round iterates. */
    void awaitIterations(ServiceChild service) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (iterations.isEmpty()) {
            service.requireAlive();
            if (System.nanoTime() > deadline) {
                throw CommandException.failure("the round does not come to its iterations within "
                        + PATIENCE.toSeconds() + " s: " + service.lastLines());
            }
            poll();
        }
    }

    /** Seconds an iteration from now on for so long. */
    double secondsAnIteration(double seconds) {
        poll();
        iterations.clear();
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < deadline) {
            poll();
        }
        if (iterations.size() < 2) {
            throw CommandException.failure(
                    "the round says nothing of its iterations in " + seconds + " s; measure longer by --seconds");
        }
        Iteration first = iterations.get(0);
        Iteration last = iterations.get(iterations.size() - 1);
        return (last.seconds() - first.seconds()) / (last.done() - first.done());
    }

    private void poll() {
        for (ConsumerRecord<String, byte @Nullable []> entry : consumer.poll(POLL)) {
            byte[] value = entry.value();
            if (value != null) {
                note(value);
            }
        }
    }

    private void note(byte[] value) {
        RoundEvent event;
        try {
            event = RoundEvent.fromBytes(value);
        } catch (WireException e) {
            throw new IllegalStateException("the service wrote what cannot be read", e);
        }
        if (event.type().ends()) {
            throw CommandException.failure(
                    "the round ended while it was measured: " + event.type().text() + ", "
                            + Objects.requireNonNullElse(event.detail().reason(), "no reason was given"));
        }
        Long done = event.detail().done();
        if (event.type() == Type.PROGRESS && STAGE.equals(event.detail().stage()) && done != null && done > 0) {
            iterations.add(new Iteration(event.time().toEpochMilli() / 1e3, done));
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
