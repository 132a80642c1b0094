package io.reflux.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.image.ImageShape;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.Scale;
import io.reflux.wire.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReservoirTopicTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Clients clients;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, 0);
        clients = new Clients(broker);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void restoresTheSameSampleAndBuriesWhatFellOut() throws Exception {
        TopicNames names = topics("restore.");
        List<KeptImage> images = images(FeedSettings.of(config(), "a"), 400, SHAPE);
        write(names, images.subList(0, 250));
        Set<String> sample;
        try (Owner owner = new Owner(names)) {
            owner.awaitRestored();
            write(names, images.subList(250, 400));
            await().atMost(BOUND)
                    .untilAsserted(() -> assertThat(owner.feed("a").keptKeys()).isEqualTo(bottom(images)));
            sample = owner.feed("a").keptKeys();
            await().atMost(BOUND).untilAsserted(() -> assertThat(alive(names)).isEqualTo(bottom(images)));
        }

        try (Owner owner = new Owner(names)) {
            owner.awaitRestored();

            assertThat(owner.feed("a").keptKeys()).isEqualTo(sample);
            assertThat(owner.events.subList(0, 8))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 4)
                            .boxed()
                            .flatMap(p -> List.of("assigned " + p, "restored " + p).stream())
                            .toList());
        }
    }

    @Test
    void keepsTheFurthestCountOfEachPartition() throws Exception {
        TopicNames names = topics("counts.");
        ReservoirKey.OfProgress zero = new ReservoirKey.OfProgress("a", 0);
        ReservoirKey.OfProgress one = new ReservoirKey.OfProgress("a", 1);
        write(
                names,
                List.of(
                        new ProgressRecord(zero, 10, 9, 900, Map.of("label-missing", 1L)),
                        new ProgressRecord(zero, 5, 5, 500, Map.of()),
                        new ProgressRecord(one, 3, 2, 200, Map.of("label-missing", 1L))));

        try (Owner owner = new Owner(names)) {
            owner.awaitRestored();

            FeedSample feed = owner.feed("a");
            assertThat(feed.seen()).isEqualTo(11);
            assertThat(feed.bytesSeen()).isEqualTo(1_100);
            assertThat(feed.rejects()).containsExactly(Map.entry("label-missing", 2L));
            assertThat(feed.offsets()).isEqualTo(Map.of(0, 10L, 1, 3L));
            assertThat(feed.snapshot()).isEmpty();
            await("the furthest counts are the last on the topic, too")
                    .atMost(BOUND)
                    .untilAsserted(() -> assertThat(last(names, zero))
                            .isEqualTo(new ProgressRecord(zero, 10, 9, 900, Map.of("label-missing", 1L)).value()));
        }
    }

    private static byte[] last(TopicNames names, ReservoirKey key) {
        return clients.readAll(names.reservoir()).stream()
                .filter(record -> record.key().equals(key.key().text()))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .value();
    }

    @Test
    void settlesTheCommonestShapeAndLeavesTheOthersOut() throws Exception {
        TopicNames names = topics("shapes.");
        FeedSettings settings = FeedSettings.of(config(), "a");
        write(names, images(settings, 20, SHAPE));
        write(names, images(settings, 5, new ImageShape(1, 4, 4)));
        ChannelNormalisation normalisation = new ChannelNormalisation(new float[] {0.5f}, new float[] {0.25f});
        SampleSnapshot first;
        try (Owner owner = new Owner(names)) {
            owner.awaitRestored();
            first = owner.feed("a").snapshot().orElseThrow();
            owner.feed("a").settle(normalisation);
        }

        try (Owner owner = new Owner(names)) {
            owner.awaitRestored();
            write(names, images(settings, 60, new ImageShape(1, 4, 4)));
            await().atMost(BOUND)
                    .until(() -> owner.feed("a").snapshot().orElseThrow().otherShapes() > first.otherShapes());
            SampleSnapshot second = owner.feed("a").snapshot().orElseThrow();

            assertThat(first.shape()).isEqualTo(SHAPE);
            assertThat(first.otherShapes()).isEqualTo(5);
            assertThat(second.shape()).isEqualTo(SHAPE);
            assertThat(second.classes()).containsExactly("class-0", "class-1");
            assertThat(second.normalisation()).contains(Scale.of(normalisation));
        }
    }

    @Test
    void judgesRecordsOfOtherSettingsAnew() throws Exception {
        TopicNames names = topics("epochs.");
        List<KeptImage> old = images(FeedSettings.of(config("reflux.sample.half-life", "PT1M"), "a"), 100, SHAPE);
        write(names, old);

        try (Owner owner = new Owner(names)) {
            owner.awaitRestored();

            assertThat(owner.feed("a").keptKeys())
                    .isEqualTo(bottom(images(FeedSettings.of(config(), "a"), 100, SHAPE)));
        }
    }

    @Test
    void skipsRecordsNobodyCanRead() throws Exception {
        TopicNames names = topics("poison.");
        clients.produce(List.of(
                new ProducerRecord<>(names.reservoir(), 0, "a/image/cat/o%2Fx%2F0%2F1", new byte[] {1, 2}),
                new ProducerRecord<>(names.reservoir(), 0, "a/settings", new byte[] {1}),
                new ProducerRecord<>(names.reservoir(), 0, "%", new byte[] {1}),
                new ProducerRecord<>(names.reservoir(), 0, "a/image/cat/me", new byte[] {1})));
        write(names, images(FeedSettings.of(config(), "a"), 10, SHAPE));

        try (Owner owner = new Owner(names)) {
            owner.awaitRestored();

            assertThat(owner.feed("a").keptKeys()).hasSize(10);
        }
    }

    private static TopicNames topics(String prefix) {
        TopicNames names = new TopicNames(prefix);
        new Topics(names).ensure(clients.properties(), BOUND);
        return names;
    }

    private static RefluxConfig config(String... properties) {
        Map<String, String> all =
                new HashMap<>(Map.of("reflux.sample.per-class", "30", "reflux.sample.hold-out-minimum", "1"));
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return Configurations.of(all);
    }

    private static List<KeptImage> images(FeedSettings settings, int count, ImageShape shape) {
        return IntStream.range(0, count)
                .mapToObj(number -> image(settings, number, shape))
                .toList();
    }

    private static KeptImage image(FeedSettings settings, int number, ImageShape shape) {
        byte[] pixels = new byte[shape.size()];
        new Random(number).nextBytes(pixels);
        Identity identity = Identity.ofEvent("/test", shape + "-" + number, "now");
        long time = number * 60_000L;
        return new KeptImage(
                new ReservoirKey.OfImage(settings.feed(), "class-" + number % 2, identity),
                shape,
                pixels,
                settings.priority(identity, time),
                time,
                settings.holdOutRule().holds(HoldOut.contentHash(pixels)),
                settings.epoch());
    }

    private static Set<String> bottom(List<KeptImage> images) {
        FeedSample sample = new FeedSample(FeedSettings.of(config(), "a"), 0, settled -> {});
        sample.merge(images);
        return sample.keptKeys();
    }

    private static void write(TopicNames names, List<? extends ReservoirRecord> records) throws Exception {
        List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
        for (ReservoirRecord record : records) {
            sent.add(new ProducerRecord<>(
                    names.reservoir(),
                    TopicNames.partitionOf(record.key().feed(), 4),
                    record.key().key().text(),
                    record.value()));
        }
        clients.produce(sent);
    }

    /** Keys of the images that compaction would leave. */
    private static Set<String> alive(TopicNames names) {
        Set<String> alive = new TreeSet<>();
        for (ConsumerRecord<String, byte[]> record : clients.readAll(names.reservoir())) {
            if (record.value() == null) {
                alive.remove(record.key());
            } else if (ReservoirKey.parse(record.key()).orElseThrow() instanceof ReservoirKey.OfImage) {
                alive.add(record.key());
            }
        }
        return alive;
    }

    /** An owner of all partitions, and what its listener heard. */
    private static final class Owner implements AutoCloseable, OwnershipListener {
        private final ReservoirTopic topic;
        private final List<String> events = new CopyOnWriteArrayList<>();

        private Owner(TopicNames names) {
            topic = new ReservoirTopic(config(), clients.properties(), names, Tracing.off());
            topic.start(this);
        }

        private void awaitRestored() {
            await().atMost(BOUND).until(() -> IntStream.range(0, 4).allMatch(topic::isRestored));
        }

        private FeedSample feed(String name) {
            return topic.feed(name).orElseThrow();
        }

        @Override
        public void assigned(int partition) {
            events.add("assigned " + partition);
        }

        @Override
        public void restored(int partition) {
            events.add("restored " + partition);
        }

        @Override
        public void revoked(int partition) {
            events.add("revoked " + partition);
        }

        @Override
        public void close() {
            topic.close();
            assertThat(events).contains("revoked 0", "revoked 1", "revoked 2", "revoked 3");
        }
    }
}
