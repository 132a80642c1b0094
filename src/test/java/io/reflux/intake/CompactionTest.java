package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.image.ImageSet;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.TopicDefinition;
import io.reflux.kafka.Topics;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.OwnershipListener;
import io.reflux.reservoir.ReservoirScan;
import io.reflux.reservoir.ReservoirTopic;
import io.reflux.reservoir.SampleSnapshot;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker compacts and deletes under way, and the state that is restored from what it leaves is the same. */
final class CompactionTest {
    private static final Duration BOUND = Duration.ofSeconds(120);
    private static final TopicNames NAMES = new TopicNames("compact.");
    private static final String FEED = "a";
    private static final RefluxConfig CONFIG = Configurations.of(Map.of(
            "reflux.sample.per-class", "20", "reflux.sample.hold-out", "0.2", "reflux.sample.hold-out-minimum", "2"));

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Clients clients;

    @BeforeAll
    static void startBrokerThatCleansAtOnce() {
        broker = EmbeddedBroker.start(
                directory,
                0,
                Map.of(
                        "log.cleaner.backoff.ms", "50",
                        "log.retention.check.interval.ms", "200",
                        "log.initial.task.delay.ms", "100",
                        "log.segment.delete.delay.ms", "100"));
        clients = new Clients(broker);
        Map<String, String> small = Map.of(
                "segment.ms", "100",
                "min.cleanable.dirty.ratio", "0.001",
                "delete.retention.ms", "100",
                "file.delete.delay.ms", "100");
        new Topics(
                        NAMES,
                        TopicDefinition.packaged().stream()
                                .map(topic -> with(topic, small))
                                .toList())
                .ensure(clients.properties(), BOUND);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void stateRestoredFromACompactedTopicEqualsTheStateBefore() throws Exception {
        List<ProducerRecord<String, byte[]>> images = Images.many(NAMES.images(), FEED, 900);
        clients.produce(images.subList(0, 600));
        collect();
        State before;
        try (Owner owner = new Owner()) {
            owner.awaitSample(Samples.bottom(images.subList(0, 600), settings()));
            before = owner.state();
            awaitTombstones();
        }
        long written = clients.readAll(NAMES.reservoir()).size();

        awaitCompaction();
        awaitRetention();

        assertThat(clients.readAll(NAMES.reservoir())).hasSizeLessThan((int) written / 2);
        try (Owner owner = new Owner()) {
            owner.awaitSample(before.keys());
            assertThat(owner.state()).isEqualTo(before);
        }
        // The collector's memory is the same too: what is left on the images topic is counted already.
        assertThat(collect()).isZero();
        clients.produce(images.subList(600, 900));
        assertThat(collect()).isEqualTo(300);
        try (Owner owner = new Owner()) {
            owner.awaitSample(Samples.bottom(images, settings()));
            assertThat(owner.feed().seen()).isEqualTo(900);
        }
    }

    /** What an owner knows of the feed, pixel for pixel. */
    private record State(
            Set<String> keys,
            long seen,
            long bytes,
            Map<Integer, Long> offsets,
            List<String> classes,
            List<Integer> sampleLabels,
            List<Byte> samplePixels,
            List<Integer> heldOutLabels,
            List<Byte> heldOutPixels) {
        static State of(FeedSample feed) {
            SampleSnapshot snapshot = feed.snapshot().orElseThrow();
            return new State(
                    feed.keptKeys(),
                    feed.seen(),
                    feed.bytesSeen(),
                    feed.offsets(),
                    snapshot.classes(),
                    labels(snapshot.sample()),
                    pixels(snapshot.sample()),
                    labels(snapshot.heldOut()),
                    pixels(snapshot.heldOut()));
        }

        private static List<Integer> labels(ImageSet images) {
            return Arrays.stream(images.labels()).boxed().toList();
        }

        private static List<Byte> pixels(ImageSet images) {
            byte[] pixels = images.pixels();
            return IntStream.range(0, pixels.length).mapToObj(i -> pixels[i]).toList();
        }
    }

    /** Takes what is on the images topic as a collector that has just been started; returns how many records counted. */
    private static int collect() throws Exception {
        Intake intake =
                new Intake(new ImageJudge(100, "topic"), new Unpacking(1), feed -> FeedSettings.of(CONFIG, feed), 2, 0);
        try (ReservoirScan scan = new ReservoirScan(clients.properties(), NAMES.reservoir(), 4)) {
            scan.catchUp(intake::restore, intake::lift);
        }
        Harvest harvest = intake.take(received());
        List<ReservoirRecord> records = new ArrayList<>(harvest.kept());
        records.addAll(harvest.progress());
        write(records);
        assertThat(harvest.deadLetters()).isEmpty();
        return harvest.results().entrySet().stream()
                .filter(result -> result.getKey().feed().equals(FEED))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    private static List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> received() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> received = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(clients.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions(NAMES.images());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(received::add);
            }
        }
        return received;
    }

    private static void awaitTombstones() {
        await().atMost(BOUND).until(() -> records().stream().anyMatch(record -> record.value() == null));
    }

    /** Until every key stands once and no tombstone is left; each look writes what lets the last segment roll. */
    private static void awaitCompaction() {
        await().atMost(BOUND).until(() -> {
            tick();
            List<ConsumerRecord<String, byte[]>> left = records();
            return left.stream().map(ConsumerRecord::key).distinct().count() == left.size()
                    && left.stream().allMatch(record -> record.value() != null);
        });
    }

    /** Until the broker has deleted the images that are counted; each look writes what lets the last segment roll. */
    private static void awaitRetention() throws Exception {
        try (Admin admin = Admin.create(clients.properties())) {
            keepImages(admin, "500");
            await().atMost(BOUND).until(() -> {
                clients.produce(List.of(Images.one(NAMES.images(), "other", 1)));
                return firstOffsets(admin).stream().anyMatch(offset -> offset > 100);
            });
            keepImages(admin, "-1");
        }
    }

    private static void keepImages(Admin admin, String millis) throws Exception {
        ConfigResource images = new ConfigResource(ConfigResource.Type.TOPIC, NAMES.images());
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry("retention.ms", millis), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(images, List.of(set))).all().get();
    }

    private static List<Long> firstOffsets(Admin admin) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions(NAMES.images()).forEach(partition -> asked.put(partition, OffsetSpec.earliest()));
        return admin.listOffsets(asked).all().get().values().stream()
                .map(ListOffsetsResultInfo::offset)
                .toList();
    }

    /** A record of another feed in the same partition. */
    private static void tick() throws Exception {
        clients.produce(List.of(new ProducerRecord<>(
                NAMES.reservoir(),
                TopicNames.partitionOf(FEED, 4),
                new ReservoirKey.OfProgress("tick", 0).key().text(),
                new ProgressRecord(new ReservoirKey.OfProgress("tick", 0), 1, 1, 1, Map.of()).value())));
    }

    private static List<ConsumerRecord<String, byte[]>> records() {
        return clients.readAll(NAMES.reservoir()).stream()
                .filter(record -> record.key().startsWith(FEED + "/"))
                .toList();
    }

    private static void write(List<ReservoirRecord> records) throws Exception {
        clients.produce(records.stream()
                .map(record -> new ProducerRecord<>(
                        NAMES.reservoir(),
                        TopicNames.partitionOf(record.key().feed(), 4),
                        record.key().key().text(),
                        record.value()))
                .toList());
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, 4)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private static TopicDefinition with(TopicDefinition topic, Map<String, String> changes) {
        Map<String, String> configuration = new HashMap<>(topic.configuration());
        configuration.putAll(changes);
        return new TopicDefinition(topic.name(), topic.partitions(), configuration);
    }

    private static FeedSettings settings() {
        return FeedSettings.of(CONFIG, FEED);
    }

    /** An owner of all partitions that has just been started. */
    private static final class Owner implements AutoCloseable, OwnershipListener {
        private final ReservoirTopic topic = new ReservoirTopic(CONFIG, clients.properties(), NAMES, Tracing.off());

        private Owner() {
            topic.start(this);
        }

        private void awaitSample(Set<String> keys) {
            await().atMost(BOUND)
                    .untilAsserted(() -> assertThat(topic.feed(FEED).map(FeedSample::keptKeys))
                            .contains(keys));
        }

        private FeedSample feed() {
            return topic.feed(FEED).orElseThrow();
        }

        private State state() {
            return State.of(feed());
        }

        @Override
        public void assigned(int partition) {
            // Nothing to prepare.
        }

        @Override
        public void restored(int partition) {
            // The sample is waited for instead.
        }

        @Override
        public void revoked(int partition) {
            // Nothing to give up.
        }

        @Override
        public void close() {
            topic.close();
        }
    }
}
