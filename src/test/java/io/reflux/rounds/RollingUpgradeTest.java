package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.config.FeedSettings;
import io.reflux.image.ImageShape;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.reservoir.FeedSample;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Manifest;
import io.reflux.wire.RecordedRecords;
import io.reflux.wire.RecordedRecords.Recorded;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that the first version of the records has filled, taken over by this one. */
final class RollingUpgradeTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String FEED = "cars";

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
    void goesOnFromWhatTheFirstVersionLeft() throws Exception {
        TopicNames topics = new TopicNames("upgrade.");
        new Topics(topics).ensure(clients.properties(), BOUND);
        GenerationReader reader = new GenerationReader(broker.bootstrapServers(), topics, Map.of());
        for (String topic : topics.partitionedByFeed()) {
            write(
                    topic,
                    RecordedRecords.ofFirstVersion(
                            topic.substring(topics.prefix().length())));
        }
        write(topics.reservoir(), imagesOfThisVersion());

        try (Replica replica = new Replica(
                        clients.properties(), topics, new RoundPolicy(0, null, 1), directory.resolve("caches"))
                .start()) {
            await().atMost(BOUND).until(() -> replica.reservoir.feed(FEED).isPresent());
            FeedSample feed = replica.reservoir.feed(FEED).orElseThrow();
            assertThat(feed.seen()).isEqualTo(8);
            assertThat(feed.rejects()).containsExactly(Map.entry("label-missing", 1L));
            assertThat(feed.settled().orElseThrow().shape()).isEqualTo(new ImageShape(1, 2, 3));
            assertThat(feed.keptKeys()).hasSize(42);

            RoundEvent request = replica.rounds.request(FEED);

            Manifest second = reader.await(FEED, 2, BOUND).manifest();
            assertThat(second.round()).isEqualTo(request.round());
            assertThat(second.classes()).containsExactly("Straße/a", "b");
            assertThat(replica.engine.runs.get(0).warmStart().images()).containsOnly(1.5f);
            assertThat(replica.events.stream().map(RoundEvent::type))
                    .contains(Type.STARTED)
                    .doesNotContain(Type.CANCELLED, Type.REFUSED);
        }
    }

    private static List<Recorded> imagesOfThisVersion() {
        FeedSettings settings = FeedSettings.of(Replica.config(), FEED);
        List<Recorded> images = new ArrayList<>();
        for (int number = 0; number < 40; number++) {
            byte[] pixels = new byte[6];
            new Random(number).nextBytes(pixels);
            Identity identity = Identity.ofOffset("topic-id", 0, number);
            KeptImage image = new KeptImage(
                    new ReservoirKey.OfImage(FEED, number % 2 == 0 ? "Straße/a" : "b", identity),
                    new ImageShape(1, 2, 3),
                    pixels,
                    settings.priority(identity, number),
                    number,
                    settings.holdOutRule().holds(HoldOut.contentHash(pixels)),
                    settings.epoch(),
                    Device.of("camera"),
                    "");
            images.add(new Recorded("reservoir", image.key().key().text(), image.value()));
        }
        return images;
    }

    private static void write(String topic, List<Recorded> records) throws Exception {
        int partition = TopicNames.partitionOf(FEED, Replica.PARTITIONS);
        clients.produce(records.stream()
                .map(recorded -> new ProducerRecord<>(topic, partition, recorded.key(), recorded.value()))
                .toList());
    }
}
