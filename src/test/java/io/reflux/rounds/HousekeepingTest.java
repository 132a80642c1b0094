package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.config.FeedSettings;
import io.reflux.feeds.FeedRecords;
import io.reflux.image.ImageShape;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.Forgetting;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Manifest;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.RecordedRecords;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What is to be forgotten, kept or gone back to, on a real broker. */
final class HousekeepingTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final RoundPolicy ON_REQUEST = new RoundPolicy(0, null, 1);
    private static final ImageShape SHAPE = new ImageShape(1, 2, 3);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Clients clients;

    private TopicNames topics;
    private GenerationReader reader;
    private Forgetting forgetting;
    private Path caches;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
        clients = new Clients(broker.bootstrapServers());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) {
        topics = new TopicNames(test.getTestMethod().orElseThrow().getName() + ".");
        new Topics(topics).ensure(clients.properties(), BOUND);
        reader = new GenerationReader(broker.bootstrapServers(), topics, Map.of());
        forgetting = new Forgetting(clients.properties(), topics);
        caches = directory.resolve("caches-" + topics.prefix());
    }

    @AfterEach
    void close() {
        forgetting.close();
    }

    @Test
    void anErasedImageIsGoneAndDoesNotComeBack() throws Exception {
        List<KeptImage> images = keep(40, "");
        KeptImage erased = images.get(7);
        try (Replica replica = replica()) {
            awaitKept(replica, keys(images));

            forgetting.erase("feed", erased.identity());

            Set<String> rest = keys(images);
            rest.remove(erased.key().key().text());
            awaitKept(replica, rest);
            write(List.of(erased));
            KeptImage marker = image(1_000, "");
            write(List.of(marker));
            rest.add(marker.key().key().text());
            awaitKept(replica, rest);
            await().atMost(BOUND).until(() -> alive().equals(rest));
        }
        try (Replica next = replica()) {
            Set<String> rest = alive();
            assertThat(rest).doesNotContain(erased.key().key().text()).hasSize(40);
            awaitKept(next, rest);
        }
    }

    @Test
    void anErasedDeviceTakesItsImagesOfEveryVersionWithIt() throws Exception {
        List<KeptImage> images = keep(40, "");
        clients.produce(RecordedRecords.ofFirstVersion("reservoir").stream()
                .filter(recorded -> recorded.key().startsWith("cars/image/"))
                .map(recorded -> new ProducerRecord<>(
                        topics.reservoir(),
                        TopicNames.partitionOf("cars", Replica.PARTITIONS),
                        recorded.key(),
                        recorded.value()))
                .toList());
        try (Replica replica = replica()) {
            awaitKept(replica, keys(images));
            await().atMost(BOUND).until(() -> replica.reservoir
                    .feed("cars")
                    .filter(feed -> feed.keptKeys().size() == 2)
                    .isPresent());

            forgetting.erase("feed", Device.of("camera-1"), null);
            forgetting.erase("cars", Device.of("/camera/1"), null);

            awaitKept(
                    replica,
                    keys(images.stream()
                            .filter(image -> !Device.of("camera-1").equals(image.device()))
                            .toList()));
            await().atMost(BOUND).untilAsserted(() -> assertThat(
                            replica.reservoir.feed("cars").orElseThrow().keptKeys())
                    .singleElement()
                    .asString()
                    .startsWith("cars/image/b/"));
        }
    }

    @Test
    void aRoundAfterAnErasureGoesOnFromNothingThatSawTheImage() throws Exception {
        List<KeptImage> images = keep(40, "");
        try (Replica replica = replica()) {
            replica.rounds.request("feed");
            reader.await("feed", 1, BOUND);
            Path before = replica.engine.runs.get(0).directory();
            Files.createDirectories(before);
            Files.writeString(before.resolve("trajectory-0.safetensors"), "as if");
            replica.engine.accuracy = 0.6;

            forgetting.erase("feed", images.get(3).identity());
            await().atMost(BOUND).until(() -> Files.notExists(before));
            replica.rounds.request("feed");
            Manifest second = reader.await("feed", 2, BOUND).manifest();
            replica.rounds.request("feed");
            reader.await("feed", 3, BOUND);

            List<FakeEngine.Run> runs = replica.engine.runs;
            assertThat(runs.get(1).sample() + runs.get(1).heldOut())
                    .isEqualTo(runs.get(0).sample() + runs.get(0).heldOut() - 1);
            assertThat(runs.get(1).warmStart()).isNull();
            assertThat(runs.get(1).directory()).isNotEqualTo(before);
            assertThat(second.descent().erasures()).isNotEmpty();
            assertThat(runs.get(2).warmStart()).isNotNull();
            assertThat(runs.get(2).directory()).isEqualTo(runs.get(1).directory());
        }
    }

    @Test
    void aRoundThatBeganWithAnErasedImageBeginsAgain() throws Exception {
        List<KeptImage> images = keep(40, "");
        try (Replica replica = replica()) {
            replica.engine.endless = true;
            RoundEvent request = replica.rounds.request("feed");
            await().atMost(BOUND).until(() -> !replica.engine.runs.isEmpty());

            forgetting.erase("feed", images.get(3).identity());
            await().atMost(BOUND).until(() -> replica.engine.runs.size() > 1);
            replica.engine.endless = false;

            assertThat(reader.await("feed", 1, BOUND).manifest().round()).isEqualTo(request.round());
            assertThat(replica.engine.runs.get(1).sample()
                            + replica.engine.runs.get(1).heldOut())
                    .isEqualTo(39);
            assertThat(events().stream()
                            .filter(event -> event.type() == Type.CANCELLED)
                            .map(event -> event.detail().resumes()))
                    .containsExactly(true);
        }
    }

    @Test
    void aResetFeedBeginsAnewAndKeepsItsGenerations() throws Exception {
        List<KeptImage> images = keep(40, "");
        try (Replica replica = replica()) {
            replica.rounds.request("feed");
            reader.await("feed", 1, BOUND);

            ResetRecord reset = forgetting.restart("feed", false);

            awaitKept(replica, Set.of());
            FeedSample feed = replica.reservoir.feed("feed").orElseThrow();
            assertThat(feed.seen()).isZero();
            assertThat(feed.offsets()).isEmpty();
            assertThat(feed.settled()).isEmpty();
            await().atMost(BOUND).until(() -> alive().isEmpty());
            assertThat(reader.current("feed")).isPresent();

            // One late record of the former life, and the same images sent anew.
            write(List.of(image(2_000, "")));
            List<KeptImage> anew = keep(40, reset.incarnation());
            awaitKept(replica, keys(anew));
            assertThat(keys(anew)).isEqualTo(keys(images));
            await().atMost(BOUND).until(() -> alive().equals(keys(anew)));
            assertThat(feed.seen()).isEqualTo(1_000);

            replica.rounds.request("feed");
            assertThat(reader.await("feed", 2, BOUND).manifest().descent().incarnation())
                    .isEqualTo(reset.incarnation());
            assertThat(replica.engine.runs.get(1).warmStart()).isNull();
        }
        try (Replica next = replica()) {
            awaitKept(next, keys(images));
            assertThat(next.reservoir.feed("feed").orElseThrow().seen()).isEqualTo(1_000);
        }
    }

    @Test
    void makesGoodATombstoneThatHasBuriedALaterRecord() throws Exception {
        List<KeptImage> images = keep(4, "");
        try (Replica replica = replica()) {
            awaitKept(replica, keys(images));
            ResetRecord reset = forgetting.restart("feed", false);
            awaitKept(replica, Set.of());
            KeptImage again = keep(4, reset.incarnation()).get(0);
            awaitKept(replica, keys(images));

            // The owner's tombstone of the former record, as if it had been slower than the collector.
            clients.produce(List.of(new ProducerRecord<>(
                    topics.reservoir(), partition(), again.key().key().text(), null)));

            await().atMost(BOUND).untilAsserted(() -> {
                List<ConsumerRecord<String, byte[]>> records = clients.readAll(topics.reservoir()).stream()
                        .filter(record -> record.key().equals(again.key().key().text()))
                        .toList();
                assertThat(records.get(records.size() - 1).value()).isEqualTo(again.value());
            });
            assertThat(replica.reservoir.feed("feed").orElseThrow().keptKeys()).isEqualTo(keys(images));
        }
    }

    @Test
    void aDeletedFeedLeavesNothingButItsMark() throws Exception {
        keep(40, "");
        try (Replica replica = replica()) {
            replica.rounds.request("feed");
            reader.await("feed", 1, BOUND);
            await().atMost(BOUND).until(() -> events().stream().anyMatch(event -> event.type() == Type.FINISHED));

            ResetRecord reset = forgetting.restart("feed", true);

            await().atMost(BOUND).until(() -> reader.standing("feed").keys().isEmpty());
            await().atMost(BOUND).until(() -> alive().isEmpty());
            assertThat(reader.current("feed")).isEmpty();
            await().atMost(BOUND).until(() -> replica.inbox.log("feed").latest().isEmpty());

            keep(40, reset.incarnation());
            replica.rounds.request("feed");
            assertThat(reader.await("feed", 1, BOUND).manifest().descent().incarnation())
                    .isEqualTo(reset.incarnation());
        }
        try (Replica next = replica()) {
            await().atMost(BOUND).until(() -> next.reservoir.feed("feed").isPresent());
            RoundEvent request = next.rounds.request("feed");
            assertThat(reader.await("feed", 2, BOUND).manifest().round()).isEqualTo(request.round());
            assertThat(reader.manifests("feed"))
                    .extracting(Manifest::generation)
                    .containsExactly(1L, 2L);
        }
    }

    @Test
    void aPinnedGenerationStaysUntilItIsUnpinned() throws Exception {
        keep(40, "");
        try (Replica replica = replica()) {
            publish(replica, 1);
            assertThat(answer(replica.rounds.ask(Type.PIN_REQUESTED, "feed", 1)).type())
                    .isEqualTo(Type.PINNED);
            for (long generation = 2; generation <= 4; generation++) {
                publish(replica, generation);
            }
            assertThat(standing()).containsExactly(1L, 3L, 4L);
            assertThat(reader.standing("feed").pinned()).containsExactly(1L);

            assertThat(answer(replica.rounds.ask(Type.UNPIN_REQUESTED, "feed", 1))
                            .type())
                    .isEqualTo(Type.UNPINNED);
            publish(replica, 5);

            assertThat(standing()).containsExactly(4L, 5L);
            assertThat(reader.standing("feed").keys())
                    .noneMatch(key -> key.text().contains("/pin/"));
        }
    }

    @Test
    void goesBackToAGenerationAndOnFromIt() throws Exception {
        keep(40, "");
        try (Replica replica = replica()) {
            publish(replica, 1);
            publish(replica, 2);

            RoundEvent answer = answer(replica.rounds.ask(Type.ROLLBACK_REQUESTED, "feed", 1));

            assertThat(answer.type()).isEqualTo(Type.ROLLED_BACK);
            Generation current = reader.current("feed").orElseThrow();
            assertThat(current.manifest().generation()).isEqualTo(1);
            assertThat(current.set().images()).containsOnly(1f);
            publish(replica, 3);
            assertThat(replica.engine.runs.get(2).warmStart().images()).containsOnly(1f);
        }
        assertThat(standing()).containsExactly(2L, 3L);
    }

    @Test
    void declinesWhatCannotBeAndAnswersOnceWhoeverOwns() throws Exception {
        keep(40, "");
        RoundEvent unknown;
        try (Replica replica = replica()) {
            publish(replica, 1);
            unknown = answer(replica.rounds.ask(Type.ROLLBACK_REQUESTED, "feed", 7));
            assertThat(unknown.type()).isEqualTo(Type.DECLINED);
            assertThat(unknown.detail().reason()).contains("no generation 7", "[1]");
            assertThat(answer(replica.rounds.ask(Type.ROLLBACK_REQUESTED, "feed", 1))
                            .detail()
                            .reason())
                    .contains("current one already");
        }
        RoundEvent pin;
        try (Rounds outside = new Rounds(clients.properties(), topics, Replica.PARTITIONS)) {
            pin = outside.ask(Type.PIN_REQUESTED, "feed", 1);
        }
        try (Replica next = replica()) {
            assertThat(answer(pin).type()).isEqualTo(Type.PINNED);
            publish(next, 2);
        }
        assertThat(events().stream().filter(event -> event.type().answers())).hasSize(3);
    }

    @Test
    void aFormerOwnerMovesNoPointer() throws Exception {
        keep(40, "");
        try (Replica replica = replica()) {
            publish(replica, 1);
            publish(replica, 2);
            try (Publisher other = new Publisher(clients.properties(), topics, Replica.PARTITIONS)) {
                other.open(partition());

                RoundEvent order = replica.rounds.ask(Type.ROLLBACK_REQUESTED, "feed", 1);

                await().atMost(BOUND).until(() -> !replica.publisher.open().contains(partition()));
                assertThat(reader.current("feed").orElseThrow().manifest().generation())
                        .isEqualTo(2);
                assertThat(events().stream().filter(event -> event.round().equals(order.round())))
                        .hasSize(1);
            }
        }
    }

    private Replica replica() {
        return new Replica(clients.properties(), topics, ON_REQUEST, caches).start();
    }

    private void publish(Replica replica, long generation) {
        replica.rounds.request("feed");
        reader.await("feed", generation, BOUND);
    }

    private List<Long> standing() {
        return reader.manifests("feed").stream().map(Manifest::generation).toList();
    }

    private RoundEvent answer(RoundEvent order) {
        return await().atMost(BOUND)
                .until(
                        () -> events().stream()
                                .filter(event -> event.round().equals(order.round())
                                        && event.type().answers())
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private List<RoundEvent> events() {
        List<RoundEvent> events = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> entry : clients.readAll(topics.rounds())) {
            RoundEvent event = FeedRecords.event(entry);
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    private static void awaitKept(Replica replica, Set<String> keys) {
        await().atMost(BOUND).until(() -> replica.reservoir
                .feed("feed")
                .filter(feed -> feed.keptKeys().equals(keys))
                .isPresent());
    }

    private static Set<String> keys(List<KeptImage> images) {
        return images.stream().map(image -> image.key().key().text()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Keys of the feed's images that compaction would leave. */
    private Set<String> alive() {
        Set<String> alive = new TreeSet<>();
        for (ConsumerRecord<String, byte[]> record : clients.readAll(topics.reservoir())) {
            if (!record.key().startsWith("feed/image/")) {
                continue;
            }
            if (record.value() == null) {
                alive.remove(record.key());
            } else {
                alive.add(record.key());
            }
        }
        return alive;
    }

    /** Two classes of images in the reservoir, of two cameras, and a thousand counted. */
    private List<KeptImage> keep(int count, String incarnation) throws Exception {
        List<KeptImage> images = Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> image(i, incarnation))
                .toList();
        write(images);
        write(List.of(
                new ProgressRecord(new ReservoirKey.OfProgress("feed", 0), 1234, 1000, 50_000, Map.of(), incarnation)));
        return images;
    }

    private static KeptImage image(int number, String incarnation) {
        byte[] pixels = new byte[SHAPE.size()];
        new Random(number).nextBytes(pixels);
        FeedSettings settings = FeedSettings.of(Replica.config(), "feed");
        Identity identity = Identity.ofOffset("images", 0, number);
        return new KeptImage(
                new ReservoirKey.OfImage("feed", "class-" + number % 2, identity),
                SHAPE,
                pixels,
                settings.priority(identity, number),
                number,
                settings.holdOutRule().holds(HoldOut.contentHash(pixels)),
                settings.epoch(),
                device(number),
                incarnation);
    }

    private static @Nullable Device device(int number) {
        return number % 5 == 4 ? null : Device.of("camera-" + number % 5);
    }

    private void write(List<? extends ReservoirRecord> records) throws Exception {
        clients.produce(records.stream()
                .map(record -> new ProducerRecord<>(
                        topics.reservoir(), partition(), record.key().key().text(), record.value()))
                .toList());
    }

    private static int partition() {
        return TopicNames.partitionOf("feed", Replica.PARTITIONS);
    }
}
