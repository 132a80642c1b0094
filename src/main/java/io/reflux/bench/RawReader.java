package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.wire.TopicNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** A plain consumer of the images topic, with the fetch settings of the service's channel, that does nothing else. */
final class RawReader implements AutoCloseable {
    private static final String CHANNEL = "mp.messaging.incoming.images.";
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte @Nullable []> consumer;
    private final List<TopicPartition> partitions;
    private long images;
    private long bytes;

    RawReader(Map<String, Object> client, TopicNames topics) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.putAll(fetchSettings());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.partitions = consumer.partitionsFor(topics.images()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
    }

    /** The settings of the packaged channel by which records are fetched. */
    static Map<String, String> fetchSettings() {
        Properties packaged = new Properties();
        try (InputStream file = RawReader.class.getResourceAsStream("/application.properties")) {
            packaged.load(Objects.requireNonNull(file, "the packaged application.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>();
        for (String name : packaged.stringPropertyNames()) {
            String key = name.startsWith(CHANNEL) ? name.substring(CHANNEL.length()) : "";
            if (key.startsWith("fetch.") || key.startsWith("max.p") || key.startsWith("receive.")) {
                settings.put(key, packaged.getProperty(name));
            }
        }
        return settings;
    }

    /**
     * Reads from the beginning.
     *
     * @param warmUp images before the clock starts
     * @param counted images after that
     */
    IngestFigures read(long warmUp, long counted) {
        consumer.seekToBeginning(partitions);
        ProcessStatus own = new ProcessStatus(ProcessHandle.current().pid());
        Passing start = readTo(warmUp);
        double processor = own.processorSeconds();
        long bytesBefore = bytes;
        Passing end = readTo(warmUp + counted);
        double seconds = (end.nanos() - start.nanos()) / 1e9;
        return IngestFigures.NONE
                .with(IngestFigure.IMAGES, end.rateSince(start))
                .with(IngestFigure.MEGABYTES, (bytes - bytesBefore) / seconds / 1e6)
                .with(
                        IngestFigure.PROCESSOR,
                        (own.processorSeconds() - processor) / (end.images() - start.images()) * 1e6)
                .with(IngestFigure.MEMORY, own.peakMegabytes());
    }

    private Passing readTo(long target) {
        long heard = System.nanoTime();
        while (images < target) {
            ConsumerRecords<byte[], byte @Nullable []> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte @Nullable []> record : records) {
                bytes += Math.max(0, record.serializedValueSize());
            }
            images += records.count();
            heard = records.isEmpty() ? heard : System.nanoTime();
            if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                throw CommandException.failure("the broker gave " + images + " of " + target + " images and no more");
            }
        }
        return new Passing(System.nanoTime(), images);
    }

    /**
     * Follows the topic from its end on until told to stop.
     *
     * @param ready counted down when it stands at the end
     * @return where it was when
     */
    List<Latencies.Mark> follow(CountDownLatch ready, CountDownLatch stop) {
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        ready.countDown();
        List<Latencies.Mark> marks = new ArrayList<>();
        while (stop.getCount() > 0) {
            ConsumerRecords<byte[], byte @Nullable []> records = consumer.poll(POLL);
            long now = System.currentTimeMillis();
            records.partitions().forEach(partition -> {
                List<ConsumerRecord<byte[], byte @Nullable []>> of = records.records(partition);
                marks.add(new Latencies.Mark(
                        partition.partition(), of.get(of.size() - 1).offset() + 1, now));
            });
        }
        return marks;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
