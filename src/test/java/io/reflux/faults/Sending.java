package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Devices that go on sending until they are stopped, and note what was acknowledged. A burst is sent when the one
 * before is acknowledged, so the lingering of the producer sets the pace.
 */
final class Sending implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 120_000;
    private final ImageSource source;
    private final int burst;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final KafkaProducer<String, byte[]> producer;
    private final Thread thread = new Thread(this::send, "devices");
    private volatile boolean stopped;
    private final AtomicInteger sent = new AtomicInteger();
    private volatile Throwable problem;

    /** @param burst records a tenth of a second, as long as the broker is there */
    Sending(Map<String, Object> client, ImageSource source, int burst) {
        this.source = source;
        this.burst = burst;
        client.put("linger.ms", 100);
        client.put("batch.size", 1_000_000);
        client.put("acks", "all");
        client.put("delivery.timeout.ms", PATIENCE_MILLIS);
        client.put("max.block.ms", PATIENCE_MILLIS);
        this.producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer());
    }

    Sending start() {
        thread.start();
        return this;
    }

    /** How it is, in some words. */
    String state() {
        return "devices have sent " + sent + (problem == null ? "" : " and stopped: " + problem);
    }

    /** Records sent and acknowledged so far. */
    int count() {
        return sent.get();
    }

    /** Stops after the burst at work and returns where each acknowledged record stands, {@code partition/offset}. */
    Set<String> stop() {
        stopped = true;
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(10));
        assertThat(problem).as("what kept devices from sending").isNull();
        return Set.copyOf(acknowledged);
    }

    @Override
    public void close() {
        stopped = true;
        producer.close(Duration.ZERO);
    }

    private void send() {
        try {
            while (!stopped) {
                List<Future<RecordMetadata>> burstSent = new ArrayList<>();
                for (int i = 0; i < burst; i++) {
                    burstSent.add(producer.send(source.record(sent.get() + i)));
                }
                for (Future<RecordMetadata> future : burstSent) {
                    RecordMetadata place = future.get();
                    acknowledged.add(place.partition() + "/" + place.offset());
                }
                sent.addAndGet(burst);
            }
        } catch (ExecutionException | InterruptedException | RuntimeException e) {
            problem = e;
        }
    }
}
