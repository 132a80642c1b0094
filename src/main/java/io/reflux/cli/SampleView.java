package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.Meter;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.sample.HoldOut;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Manifest;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** A feed's sample and how far it has been counted, as the reservoir topic tells anybody who reads it. */
final class SampleView implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<String, byte @Nullable []> consumer;
    private final TopicPartition partition;
    private final String feed;
    private final Map<String, KeptImage> kept = new HashMap<>();
    private final Map<Integer, ProgressRecord> progress = new HashMap<>();
    private final long countedBefore;
    private final long rejectedBefore;

    SampleView(Map<String, Object> client, TopicNames topics, String feed) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        this.feed = feed;
        this.consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        int partitions = consumer.partitionsFor(topics.reservoir()).size();
        this.partition = new TopicPartition(topics.reservoir(), TopicNames.partitionOf(feed, partitions));
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        catchUp();
        this.countedBefore = counted();
        this.rejectedBefore = rejected();
    }

    /**
     * Waits until the collector has counted so many images since this view was opened.
     *
     * @throws CommandException when it dead-letters some, or none is counted for a minute
     */
    void awaitImages(long images, Meter meter) {
        long heard = System.nanoTime();
        long seen = 0;
        while (seen < images) {
            consumer.poll(POLL).forEach(this::take);
            if (counted() - countedBefore > seen) {
                seen = counted() - countedBefore;
                heard = System.nanoTime();
                meter.at(seen, "");
            }
            if (rejected() > rejectedBefore) {
                throw CommandException.failure("the service dead-lettered " + (rejected() - rejectedBefore)
                        + " images; the headers on the topic images-dlq say why");
            }
            if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                throw CommandException.failure("the service has counted " + seen + " of " + images
                        + " images and no more for " + PATIENCE.toSeconds() + " s; its log says why");
            }
        }
    }

    /** The images a generation was distilled from, in the order of their identities. */
    ImageSet sampleOf(Manifest manifest, ImageShape shape) {
        catchUp();
        List<KeptImage> images = new ArrayList<>();
        manifest.classes()
                .forEach(label ->
                        images.addAll(learnt(label, shape, manifest.sample().getOrDefault(label, 0))));
        byte[] pixels = new byte[images.size() * shape.size()];
        int[] labels = new int[images.size()];
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(images.get(i).pixels(), 0, pixels, i * shape.size(), shape.size());
            labels[i] = manifest.classes().indexOf(images.get(i).label());
        }
        return new ImageSet(shape, manifest.classes(), pixels, labels);
    }

    /**
     * The images of a class that a round learns from: where a class lacks held-out ones, the round takes those whose
     * content has the smallest hashes away to judge by.
     */
    private List<KeptImage> learnt(String label, ImageShape shape, int count) {
        List<KeptImage> others = kept.values().stream()
                .filter(image -> image.label().equals(label)
                        && !image.heldOut()
                        && image.shape().equals(shape))
                .sorted(Comparator.comparingLong(image -> HoldOut.contentHash(image.pixels()) ^ Long.MIN_VALUE))
                .toList();
        return others.stream()
                .skip(Math.max(0, others.size() - count))
                .sorted(Comparator.comparing(KeptImage::identity))
                .toList();
    }

    private void catchUp() {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        while (consumer.position(partition) < end) {
            consumer.poll(POLL).forEach(this::take);
        }
    }

    private void take(ConsumerRecord<String, byte @Nullable []> entry) {
        Optional<ReservoirKey> key = Optional.ofNullable(entry.key()).flatMap(ReservoirKey::parse);
        if (key.isEmpty() || !key.get().feed().equals(feed)) {
            return;
        }
        byte[] value = entry.value();
        if (value == null) {
            kept.remove(entry.key());
            return;
        }
        try {
            ReservoirRecord record = ReservoirRecord.parse(key.get(), value);
            if (record instanceof KeptImage image) {
                kept.put(entry.key(), image);
            } else if (record instanceof ProgressRecord counted) {
                progress.put(counted.key().partition(), counted);
            }
        } catch (WireException e) {
            kept.remove(entry.key()); // what cannot be read cannot have been distilled from
        }
    }

    /** Images of the feed that have been counted since it began. */
    long counted() {
        return progress.values().stream().mapToLong(ProgressRecord::images).sum();
    }

    private long rejected() {
        return progress.values().stream()
                .flatMap(record -> record.rejects().values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
