package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.image.ImageShape;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.reservoir.FeedSample;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Manifest;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that never come, hardly come, go away, and come late. */
final class ClassesTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Clients clients;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
        clients = new Clients(broker);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void aDeclaredClassThatNeverAppearsIsInNoSample() {
        FeedSample sample = sample("reflux.feeds.f.classes", "a,b,never");
        sample.merge(images("a", 0, 20, 0));
        sample.merge(images("b", 20, 40, 0));

        assertThat(sample.snapshot().orElseThrow().classes()).containsExactly("a", "b");
    }

    @Test
    void aRareClassIsKeptWholeBesideAFrequentOne() {
        FeedSample sample = sample("reflux.sample.per-class", "50");
        List<KeptImage> images = new ArrayList<>(images("frequent", 0, 20_000, 0));
        List<KeptImage> rare = images("rare", 20_000, 20_020, 0);
        images.addAll(rare);

        for (int from = 0; from < images.size(); from += 500) {
            sample.merge(images.subList(from, Math.min(images.size(), from + 500)));
        }

        assertThat(sample.perClass()).containsEntry("rare", 20);
        assertThat(sample.keptKeys())
                .containsAll(
                        rare.stream().map(image -> image.key().key().text()).toList());
        assertThat(sample.perClass().get("frequent")).isBetween(50, 60);
    }

    @Test
    void aRareClassHoldsAutomaticRoundsBackUntilItHasEnough() {
        RoundPolicy policy = new RoundPolicy(100, null, 10);
        Instant now = Instant.EPOCH;

        assertThat(policy.due(List.of(state(Map.of("frequent", 300, "rare", 9))), now))
                .isEmpty();
        assertThat(policy.due(List.of(state(Map.of("frequent", 300, "rare", 10))), now))
                .isPresent();
    }

    @Test
    void aClassThatDisappearsStaysWithoutAHalfLifeAndRetiresWithOne() {
        long hour = Duration.ofHours(1).toMillis();
        FeedSample uniform = sample("reflux.sample.per-class", "50");
        FeedSample fading = sample("reflux.sample.per-class", "50", "reflux.sample.half-life", "PT1H");
        for (FeedSample sample : List.of(uniform, fading)) {
            sample.merge(images(sample.settings(), "gone", 0, 30, 0));
            sample.merge(images(sample.settings(), "a", 30, 60, 16 * hour));
            sample.merge(images(sample.settings(), "b", 60, 90, 16 * hour));
        }
        assertThat(fading.snapshot().orElseThrow().classes()).containsExactly("a", "b", "gone");

        for (FeedSample sample : List.of(uniform, fading)) {
            sample.merge(images(sample.settings(), "a", 90, 120, 17 * hour));
        }
        assertThat(uniform.snapshot().orElseThrow().classes()).containsExactly("a", "b", "gone");
        assertThat(fading.snapshot().orElseThrow().classes()).containsExactly("a", "b");

        fading.merge(images(fading.settings(), "gone", 200, 201, 17 * hour));
        assertThat(fading.snapshot().orElseThrow().classes()).containsExactly("a", "b", "gone");
    }

    @Test
    void aClassThatComesInTheTenthRoundJoinsTheSet() throws Exception {
        TopicNames topics = new TopicNames("tenth.");
        new Topics(topics).ensure(clients.properties(), BOUND);
        GenerationReader reader = new GenerationReader(broker.bootstrapServers(), topics, Map.of());
        FeedSettings settings = FeedSettings.of(Replica.config(), "f");
        write(topics, images(settings, "a", 0, 20, 0), images(settings, "b", 20, 40, 0));
        try (Replica replica = new Replica(
                        clients.properties(), topics, new RoundPolicy(0, null, 1), directory.resolve("caches"))
                .start()) {
            for (long generation = 1; generation <= 9; generation++) {
                replica.rounds.request("f");
                assertThat(reader.await("f", generation, BOUND).manifest().classes())
                        .containsExactly("a", "b");
            }
            write(topics, images(settings, "late", 40, 60, 0), List.of());
            await().atMost(BOUND)
                    .until(() ->
                            replica.reservoir.feed("f").orElseThrow().perClass().containsKey("late"));
            replica.engine.accuracy = 0.55;

            RoundEvent request = replica.rounds.request("f");
            Manifest tenth = reader.await("f", 10, BOUND).manifest();

            assertThat(tenth.round()).isEqualTo(request.round());
            assertThat(tenth.classes()).containsExactly("a", "b", "late");
            assertThat(tenth.sample()).containsKey("late");
            assertThat(replica.engine.runs.get(9).warmStart().classes()).containsExactly("a", "b");
            assertThat(replica.events).noneMatch(event -> event.type() == Type.REFUSED);
        }
    }

    @Test
    void aFeedKeepsNoMoreImagesThanItsLimit() {
        FeedSample sample =
                sample("reflux.sample.per-class", "10", "reflux.sample.hold-out", "0.5", "reflux.limits.images", "65");
        for (int label = 0; label < 8; label++) {
            sample.merge(images(sample.settings(), "class-" + label, label * 100, label * 100 + 100, 0));
        }

        assertThat(sample.settings().classLimit()).isEqualTo(3);
        assertThat(sample.perClass()).hasSize(3);
        assertThat(sample.perClass().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isLessThanOrEqualTo(65);
    }

    private static FeedSample sample(String... properties) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return new FeedSample(FeedSettings.of(Configurations.of(all), "f"), 0, settled -> {});
    }

    private static FeedState state(Map<String, Integer> sample) {
        return new FeedState("f", true, 1_000, 0, Instant.EPOCH, null, sample, null);
    }

    private static List<KeptImage> images(String label, int from, int to, long time) {
        return images(FeedSettings.of(Configurations.of(Map.of()), "f"), label, from, to, time);
    }

    private static List<KeptImage> images(FeedSettings settings, String label, int from, int to, long time) {
        return IntStream.range(from, to)
                .mapToObj(number -> image(settings, label, number, time))
                .toList();
    }

    private static KeptImage image(FeedSettings settings, String label, int number, long time) {
        byte[] pixels = new byte[SHAPE.size()];
        new Random(number).nextBytes(pixels);
        Identity identity = Identity.ofOffset("images", 0, number);
        return new KeptImage(
                new ReservoirKey.OfImage(settings.feed(), label, identity),
                SHAPE,
                pixels,
                settings.priority(identity, time),
                time,
                settings.holdOutRule().holds(HoldOut.contentHash(pixels)),
                settings.epoch());
    }

    private static void write(TopicNames topics, List<KeptImage> first, List<KeptImage> second) throws Exception {
        List<ReservoirRecord> records = new ArrayList<>(first);
        records.addAll(second);
        records.add(new ProgressRecord(new ReservoirKey.OfProgress("f", 0), 1_000, 1_000, 6_000, Map.of()));
        int partition = TopicNames.partitionOf("f", Replica.PARTITIONS);
        clients.produce(records.stream()
                .map(record -> new ProducerRecord<>(
                        topics.reservoir(), partition, record.key().key().text(), record.value()))
                .toList());
    }
}
