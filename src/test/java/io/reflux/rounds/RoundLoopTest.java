package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.config.Configurations;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.EvaluationSettings;
import io.reflux.distill.ExpertSettings;
import io.reflux.distill.Guards;
import io.reflux.distill.MatchingSettings;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.WhiteningSetting;
import io.reflux.feeds.FeedRecords;
import io.reflux.image.ImageShape;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.nn.Compute;
import io.reflux.nn.ZcaNormalisation;
import io.reflux.sample.Identity;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Manifest;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.Scale;
import io.reflux.wire.ShardEntry;
import io.reflux.wire.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

final class RoundLoopTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final RoundPolicy ON_REQUEST = new RoundPolicy(0, null, 1);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Clients clients;

    private TopicNames topics;
    private GenerationReader reader;

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
    }

    @Test
    void runsARequestedRoundAndPublishesItsSet() throws Exception {
        keep("feed", 40);
        try (Replica replica = replica(ON_REQUEST).start()) {
            RoundEvent request = replica.rounds.request("feed");

            Generation generation = reader.await("feed", 1, BOUND);
            RoundEvent end = ended(request.round());

            assertThat(generation.set().images()).containsOnly(1f);
            assertThat(generation.manifest().round()).isEqualTo(request.round());
            assertThat(generation.manifest().in().images()).isEqualTo(1000);
            assertThat(generation.manifest().in().bytes()).isEqualTo(50_000);
            assertThat(generation.manifest().offsets()).containsEntry(0, 1234L);
            assertThat(generation.manifest().configuration())
                    .containsEntry("reflux.distillation.experts.flatness", "0.01")
                    .containsEntry("reflux.distillation.matching.loss-gate", "1.5")
                    .containsEntry("reflux.distillation.augmentation", "color_crop_cutout_flip_scale_rotate");
            assertThat(end.type()).isEqualTo(Type.FINISHED);
            assertThat(end.detail().generation()).isEqualTo(1);
            assertThat(end.detail().seconds())
                    .containsKeys("sampling", "training-experts", "distilling", "evaluating", "publishing");
            assertThat(events().stream().map(RoundEvent::type).distinct())
                    .containsExactly(Type.REQUESTED, Type.STARTED, Type.PROGRESS, Type.FINISHED);
            assertThat(replica.engine.runs.get(0).heldOut()).isPositive();
        }
    }

    @Test
    void startsTheNextRoundFromTheLastGenerationAndDropsTheOldest() throws Exception {
        keep("feed", 40);
        try (Replica replica = replica(ON_REQUEST).start()) {
            for (int generation = 1; generation <= 3; generation++) {
                replica.rounds.request("feed");
                reader.await("feed", generation, BOUND);
            }

            assertThat(replica.engine.runs.get(0).warmStart()).isNull();
            assertThat(replica.engine.runs.get(2).warmStart().images()).containsOnly(2f);
            assertThat(reader.manifests("feed"))
                    .extracting(Manifest::generation)
                    .containsExactly(2L, 3L);
        }
    }

    @Test
    void keepsAWhiteningForAllRoundsAndCountsItsBytes() throws Exception {
        keep("feed", 40);
        DistillationSettings whitened = DistillationSettings.cpuSmall().withWhitening(WhiteningSetting.ZCA);
        try (Replica replica =
                new Replica(clients.properties(), topics, ON_REQUEST, directory, null, whitened).start()) {
            for (int generation = 1; generation <= 2; generation++) {
                replica.rounds.request("feed");
                reader.await("feed", generation, BOUND);
            }

            Generation second = reader.current("feed").orElseThrow();
            ZcaNormalisation zca = (ZcaNormalisation) second.set().normalisation();
            assertThat(second.manifest().generation()).isEqualTo(2);
            assertThat(replica.engine.runs.get(1).warmStart().normalisation()).isEqualTo(zca);
            assertThat(second.manifest().out().bytes())
                    .isEqualTo(second.manifest().shards().stream()
                                    .mapToLong(ShardEntry::length)
                                    .sum()
                            + 4 * (6 + 6 * 6));
            assertThat(clients.readAll(topics.distilled()).stream()
                            .filter(entry -> entry.key().startsWith("feed/whitening/")))
                    .hasSize(1);
            await().atMost(BOUND).until(() -> replica.reservoir
                    .feed("feed")
                    .orElseThrow()
                    .settled()
                    .orElseThrow()
                    .normalisation()
                    .equals(Scale.of(zca)));
        }
    }

    @Test
    void startsARoundByCountOfItsOwnAccordAndOnlyOnce() throws Exception {
        keep("feed", 40);
        try (Replica replica = replica(new RoundPolicy(1000, null, 2)).start()) {
            reader.await("feed", 1, BOUND);
            RoundEvent request = replica.rounds.request("feed");
            ended(request.round());

            assertThat(replica.engine.runs).hasSize(2);
            assertThat(events().stream()
                            .filter(event -> event.type() == Type.STARTED)
                            .map(event -> event.detail().trigger()))
                    .containsExactly("count", "request");
        }
    }

    @Test
    void refusesAResultThatIsNoBetterThanRandomRealImages() throws Exception {
        keep("feed", 40);
        try (Replica replica = replica(ON_REQUEST).start()) {
            replica.engine.accuracy = 0.4;

            RoundEvent end = ended(replica.rounds.request("feed").round());

            assertThat(end.type()).isEqualTo(Type.REFUSED);
            assertThat(end.detail().reason()).contains("no better than on random real images");
            assertThat(end.detail().accuracy().distilled().mean()).isEqualTo(0.4);
            assertThat(reader.current("feed")).isEmpty();
        }
    }

    @Test
    void refusesARoundOfAFeedWithoutImages() {
        try (Replica replica = replica(ON_REQUEST).start()) {
            RoundEvent end = ended(replica.rounds.request("empty").round());

            assertThat(end.type()).isEqualTo(Type.REFUSED);
            assertThat(end.detail().reason()).contains("feed 'empty' has no image");
        }
    }

    @Test
    void goesOnAfterARoundThatFailed() throws Exception {
        keep("feed", 40);
        try (Replica replica = replica(ON_REQUEST).start()) {
            replica.engine.failure = new IllegalArgumentException("a tensor of another shape");
            RoundEvent failed = ended(replica.rounds.request("feed").round());
            replica.engine.failure = null;
            RoundEvent finished = ended(replica.rounds.request("feed").round());

            assertThat(failed.type()).isEqualTo(Type.FAILED);
            assertThat(failed.detail().reason()).contains("a tensor of another shape");
            assertThat(finished.type()).isEqualTo(Type.FINISHED);
        }
    }

    @Test
    void stopsARunningRoundOnRequest() throws Exception {
        keep("feed", 40);
        try (Replica replica = replica(ON_REQUEST).start()) {
            replica.engine.endless = true;
            RoundEvent request = replica.rounds.request("feed");
            await().atMost(BOUND).until(() -> !replica.engine.runs.isEmpty());
            replica.rounds.cancel("feed", request.round());

            RoundEvent end = ended(request.round());

            assertThat(end.type()).isEqualTo(Type.CANCELLED);
            assertThat(end.detail().resumes()).isFalse();
            assertThat(end.detail().reason()).contains("asked");
        }
    }

    @Test
    void handsARunningRoundOverToTheNextOwner() throws Exception {
        keep("feed", 40);
        RoundEvent request;
        try (Replica first = replica(ON_REQUEST).start()) {
            first.engine.endless = true;
            request = first.rounds.request("feed");
            await().atMost(BOUND).until(() -> !first.engine.runs.isEmpty());
        }
        assertThat(ended(request.round()).detail().resumes()).isTrue();

        try (Replica second = replica(ON_REQUEST).start()) {
            assertThat(reader.await("feed", 1, BOUND).manifest().round()).isEqualTo(request.round());
            assertThat(second.engine.runs).hasSize(1);
        }
    }

    @Test
    void takesUpARequestWhoseOwnerDiedInTheMiddle() throws Exception {
        keep("feed", 40);
        try (Rounds dead = new Rounds(clients.properties(), topics, Replica.PARTITIONS)) {
            dead.await(RoundEvent.of(Type.REQUESTED, "feed", "r1", Instant.now(), RoundDetail.NONE));
            dead.await(RoundEvent.of(Type.STARTED, "feed", "r1", Instant.now(), RoundDetail.started("request", 1000)));
        }
        clients.produce(List.of(new ProducerRecord<>(topics.rounds(), 0, "feed", new byte[] {1, 2, 3})));

        try (Replica replica = replica(ON_REQUEST).start()) {
            assertThat(reader.await("feed", 1, BOUND).manifest().round()).isEqualTo("r1");
            assertThat(replica.events.get(0).type()).isEqualTo(Type.CANCELLED);
            assertThat(replica.events.get(0).detail().resumes()).isTrue();
        }
    }

    @Test
    void publishesNothingOnceAnotherOwnerHasTakenOver() throws Exception {
        keep("feed", 40);
        try (Replica replica = replica(ON_REQUEST).start();
                Publisher other = new Publisher(clients.properties(), topics, Replica.PARTITIONS)) {
            await().atMost(BOUND).until(() -> replica.reservoir.feed("feed").isPresent());
            other.open(TopicNames.partitionOf("feed", Replica.PARTITIONS));

            RoundEvent end = ended(replica.rounds.request("feed").round());

            assertThat(end.type()).isEqualTo(Type.CANCELLED);
            assertThat(end.detail().resumes()).isTrue();
            assertThat(reader.current("feed")).isEmpty();
        }
    }

    @Test
    void distilsWithTheCore() throws Exception {
        keep("feed", 40, new ImageShape(1, 16, 16));
        DistillationSettings tiny = DistillationSettings.cpuSmall()
                .withNetwork(new NetworkSettings(4, 2))
                .withMatching(new MatchingSettings(3, 2, 1, 1, 0, 1, 1e-5, 0.02, 0.5, 0.5, Guards.on()))
                .withExperts(new ExpertSettings(1, 1, 2, 16, 0.02, 0.01, 0.3))
                .withEvaluation(new EvaluationSettings(1, 1, 2, 16, 0.01, 2));
        CoreEngine core = new CoreEngine(Configurations.of(Map.of()), Compute.processors());
        try (Replica replica =
                new Replica(clients.properties(), topics, ON_REQUEST, directory.resolve("core"), core, tiny).start()) {
            RoundEvent end = ended(replica.rounds.request("feed").round());

            // Three iterations make no good set: what counts is that one was made and judged.
            assertThat(end.type()).isIn(Type.FINISHED, Type.REFUSED);
            assertThat(end.detail().accuracy()).isNotNull();
            assertThat(end.detail().seconds()).containsKeys("training-experts", "distilling", "evaluating");
        }
    }

    private Replica replica(RoundPolicy policy) {
        return new Replica(clients.properties(), topics, policy, directory);
    }

    /** The event that ended a round, from the topic. */
    private RoundEvent ended(String round) {
        return await().atMost(BOUND)
                .until(
                        () -> events().stream()
                                .filter(event -> event.round().equals(round)
                                        && event.type().ends())
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

    /** Two classes of images in the reservoir, and a thousand counted. */
    private void keep(String feed, int images) throws Exception {
        keep(feed, images, new ImageShape(1, 2, 3));
    }

    private void keep(String feed, int images, ImageShape shape) throws Exception {
        List<ReservoirRecord> records = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            byte[] pixels = new byte[shape.size()];
            new Random(i).nextBytes(pixels);
            ReservoirKey.OfImage key =
                    new ReservoirKey.OfImage(feed, "class-" + i % 2, Identity.ofOffset("images", 0, i));
            records.add(new KeptImage(key, shape, pixels, i, i, false, "written-by-hand"));
        }
        records.add(new ProgressRecord(new ReservoirKey.OfProgress(feed, 0), 1234, 1000, 50_000, Map.of()));
        int partition = TopicNames.partitionOf(feed, Replica.PARTITIONS);
        clients.produce(records.stream()
                .map(record -> new ProducerRecord<>(
                        topics.reservoir(), partition, record.key().key().text(), record.value()))
                .toList());
    }
}
