package io.reflux.cli;

import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.HashMap;
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

/** Follows one round on the rounds topic, as anybody outside can, and shows how far it is. */
final class RoundFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Map<String, String> UNITS =
            Map.of("training-experts", "epochs", "distilling", "iterations", "evaluating", "students");

    private final KafkaConsumer<String, byte @Nullable []> consumer;
    private final Terminal terminal;
    private final int partitions;
    private String stage = "";
    private Meter meter = Meter.SILENT;

    /** Listens from here on, so that a round requested later is seen from its beginning. */
    RoundFollower(Map<String, Object> client, TopicNames topics, String feed, Terminal terminal) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        this.terminal = terminal;
        this.partitions = consumer.partitionsFor(topics.rounds()).size();
        TopicPartition partition = new TopicPartition(topics.rounds(), TopicNames.partitionOf(feed, partitions));
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        consumer.position(partition);
    }

    /**
     * Waits until the round is over.
     *
     * @param patience how long nothing may be heard of it
     * @return the event that ended it
     * @throws CommandException when it was refused, cancelled or failed, saying why, or nothing was heard of it
     */
    RoundEvent await(String round, Duration patience) {
        long heard = System.nanoTime();
        while (System.nanoTime() - heard < patience.toNanos()) {
            for (ConsumerRecord<String, byte @Nullable []> entry : consumer.poll(POLL)) {
                RoundEvent event = event(entry);
                if (event != null && event.round().equals(round)) {
                    heard = System.nanoTime();
                    show(event);
                    if (event.type().ends()) {
                        return finished(event);
                    }
                }
            }
        }
        throw CommandException.failure("nothing was heard of the round for " + patience.toSeconds()
                + " s; try again with --stacktrace, which shows the service's log");
    }

    /** Partitions of the topics partitioned by feed. */
    int partitions() {
        return partitions;
    }

    /**
     * Waits for the answer to what was asked of a generation.
     *
     * @throws CommandException when there is none in time
     */
    RoundEvent answer(String request, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, byte @Nullable []> entry : consumer.poll(POLL)) {
                RoundEvent event = event(entry);
                if (event != null
                        && event.round().equals(request)
                        && event.type().answers()) {
                    return event;
                }
            }
        }
        throw CommandException.failure("the owner of the feed did not answer within " + patience.toSeconds()
                + " s; it does when it is there ('reflux serve' runs one)");
    }

    private void show(RoundEvent event) {
        String now = event.detail().stage();
        Long total = event.detail().total();
        if (event.type() != Type.PROGRESS || now == null || total == null || total == 0) {
            return;
        }
        if (!stage.equals(now)) {
            meter.close();
            stage = now;
            meter = terminal.meter(now.replace('-', ' '), UNITS.getOrDefault(now, "steps"), total);
        }
        Double loss = event.detail().loss();
        long done = Objects.requireNonNullElse(event.detail().done(), 0L);
        meter.at(done, loss == null ? "" : "loss " + Table.decimal(loss, 4));
        if (done == total) {
            meter.close();
            meter = Meter.SILENT;
        }
    }

    private static RoundEvent finished(RoundEvent event) {
        if (event.type() != Type.FINISHED) {
            throw CommandException.failure("the round was " + event.type().text() + ": "
                    + Objects.requireNonNullElse(event.detail().reason(), "no reason was given"));
        }
        return event;
    }

    private static @Nullable RoundEvent event(ConsumerRecord<String, byte @Nullable []> entry) {
        byte[] value = entry.value();
        try {
            return value == null ? null : RoundEvent.fromBytes(value);
        } catch (WireException e) {
            return null; // a record of another version is not of our round
        }
    }

    @Override
    public void close() {
        meter.close();
        consumer.close();
    }
}
