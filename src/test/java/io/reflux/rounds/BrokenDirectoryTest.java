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
import io.reflux.image.ImageShape;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.nn.Compute;
import io.reflux.sample.Identity;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ReservoirKey;
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
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A round whose directory cannot be written fails and says so; the sample stays, and the next round makes all anew. */
final class BrokenDirectoryTest {
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final TopicNames TOPICS = new TopicNames("");
    private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
    private static final DistillationSettings TINY = DistillationSettings.cpuSmall()
            .withNetwork(new NetworkSettings(4, 2))
            .withMatching(new MatchingSettings(3, 2, 1, 1, 0, 1, 1e-5, 0.02, 0.5, 0.5, Guards.on()))
            .withExperts(new ExpertSettings(1, 1, 2, 16, 0.02, 0.01, 0.3))
            .withEvaluation(new EvaluationSettings(1, 1, 2, 16, 0.01, 2));

    @TempDir
    private Path directory;

    @Test
    void aRoundWithoutItsDirectoryLosesNoImage() throws Exception {
        Path work = directory.resolve("work");
        Files.writeString(work, "in the way");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
            Clients clients = new Clients(broker);
            new Topics(TOPICS).ensure(clients.properties(), BOUND);
            keep(clients);
            CoreEngine core = new CoreEngine(Configurations.of(Map.of()), Compute.processors());
            RoundPolicy onRequest = new RoundPolicy(0, null, 1);
            try (Replica replica = new Replica(clients.properties(), TOPICS, onRequest, work, core, TINY).start()) {
                RoundEvent failed = ended(replica);
                Set<String> sample =
                        replica.reservoir.feed("feed").orElseThrow().keptKeys();
                Files.delete(work);
                RoundEvent next = ended(replica);

                assertThat(failed.type()).isEqualTo(Type.FAILED);
                assertThat(failed.detail().reason()).contains("trajectories cannot be kept in", work.toString());
                assertThat(sample).hasSize(40);
                assertThat(replica.reservoir.feed("feed").orElseThrow().keptKeys())
                        .isEqualTo(sample);
                // Three iterations make no good set: what counts is that one was made and judged.
                assertThat(next.type()).isIn(Type.FINISHED, Type.REFUSED);
                assertThat(next.detail().accuracy()).isNotNull();
            }
        }
    }

    private static RoundEvent ended(Replica replica) {
        String round = replica.rounds.request("feed").round();
        return await().atMost(BOUND)
                .until(
                        () -> replica.events.stream()
                                .filter(event -> event.round().equals(round)
                                        && event.type().ends())
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private static void keep(Clients clients) throws Exception {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] pixels = new byte[SHAPE.size()];
            new Random(i).nextBytes(pixels);
            KeptImage image = new KeptImage(
                    new ReservoirKey.OfImage("feed", "class-" + i % 2, Identity.ofOffset("images", 0, i)),
                    SHAPE,
                    pixels,
                    i,
                    i,
                    false,
                    "written-by-hand");
            records.add(new ProducerRecord<>(
                    TOPICS.reservoir(),
                    TopicNames.partitionOf("feed", Replica.PARTITIONS),
                    image.key().key().text(),
                    image.value()));
        }
        clients.produce(records);
    }
}
