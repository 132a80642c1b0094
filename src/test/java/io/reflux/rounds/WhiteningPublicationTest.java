package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.distill.DistilledSet;
import io.reflux.image.ImageShape;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.nn.Photographs;
import io.reflux.nn.ZcaFit;
import io.reflux.nn.ZcaNormalisation;
import io.reflux.wire.Manifest;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WhiteningShards;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WhiteningPublicationTest {
    private static final TopicNames TOPICS = new TopicNames("whiten.");
    private static final int PARTITIONS = 4;
    private static final ImageShape SHAPE = new ImageShape(1, 24, 24);

    /** The matrix takes two records. */
    private static final DistilledSet FIRST = whitened(1);

    private static final DistilledSet SECOND = whitened(2);

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Clients clients;
    private static GenerationReader reader;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory, 0);
        clients = new Clients(broker.bootstrapServers());
        new Topics(TOPICS).ensure(clients.properties(), Duration.ofSeconds(30));
        reader = new GenerationReader(broker.bootstrapServers(), TOPICS, Map.of());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aReaderGetsTheMatrixWithTheSetAndShowsItsPictures() {
        publish("whole", 1, FIRST, 3);

        Generation generation = reader.current("whole").orElseThrow();

        assertThat(generation.set().images()).isEqualTo(FIRST.images());
        assertThat(generation.set().normalisation()).isEqualTo(FIRST.normalisation());
        assertThat(generation.set().pixels()).isEqualTo(FIRST.pixels());
        assertThat(generation.bytes()).isGreaterThan(4L * SHAPE.size() * SHAPE.size());
    }

    @Test
    void aMatrixLargerThanTheBufferOfAProducerPasses() {
        ImageShape shape = new ImageShape(3, 32, 32);
        float[] transform = new float[shape.size() * shape.size()];
        for (int i = 0; i < transform.length; i++) {
            transform[i] = i % 1021;
        }
        DistilledSet plain = Sets.filled(1, "a", "b");
        DistilledSet large = new DistilledSet(
                shape,
                plain.classes(),
                new ZcaNormalisation(0.1f, new float[shape.size()], transform),
                new float[2 * shape.size()],
                plain.labels(),
                plain.recipe());

        publish("large", 1, large, 3);

        Generation generation = reader.current("large").orElseThrow();
        assertThat(generation.bytes()).isGreaterThan(37_000_000);
        assertThat(generation.set().normalisation()).isEqualTo(large.normalisation());
        assertThat(recordsOf("large", large)).hasSize(38);
    }

    @Test
    void theMatrixIsWrittenOnceForAllGenerationsThatReferToIt() {
        for (long generation = 1; generation <= 4; generation++) {
            publish("once", generation, FIRST, 2);
        }

        assertThat(recordsOf("once", FIRST)).hasSize(2).allSatisfy(entry -> assertThat(entry.value())
                .isNotNull());
        assertThat(reader.current("once").orElseThrow().set().normalisation()).isEqualTo(FIRST.normalisation());
    }

    @Test
    void theMatrixGoesWithTheLastGenerationThatRefersToIt() {
        publish("gone", 1, FIRST, 2);
        publish("gone", 2, SECOND, 2);
        assertThat(standing("gone", FIRST)).hasSize(2);

        publish("gone", 3, SECOND, 2);

        assertThat(standing("gone", FIRST)).isEmpty();
        assertThat(standing("gone", SECOND)).hasSize(2);
        assertThat(reader.current("gone").orElseThrow().set().normalisation()).isEqualTo(SECOND.normalisation());
    }

    @Test
    void aMatrixThatReturnsIsWrittenAgain() {
        publish("back", 1, FIRST, 1);
        publish("back", 2, SECOND, 1);
        publish("back", 3, FIRST, 1);

        assertThat(standing("back", FIRST)).hasSize(2);
        assertThat(standing("back", SECOND)).isEmpty();
        assertThat(reader.current("back").orElseThrow().set().normalisation()).isEqualTo(FIRST.normalisation());
    }

    @Test
    void aMatrixThatIsIncompleteOrDamagedIsRefused() throws Exception {
        publish("broken", 1, FIRST, 3);
        WhiteningShards.Piece piece =
                WhiteningShards.split("broken", FIRST.normalisation()).get(1);
        byte[] damaged = piece.value().clone();
        damaged[100] ^= 1;

        clients.produce(List.of(to("broken", piece.key().text(), damaged)));
        assertThatThrownBy(() -> reader.current("broken"))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("feed 'broken'")
                .hasMessageContaining("SHA-256");

        clients.produce(List.of(to("broken", piece.key().text(), null)));
        assertThatThrownBy(() -> reader.current("broken"))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("whitening shard " + piece.key().text() + " is missing");
    }

    private static void publish(String feed, long generation, DistilledSet set, int keep) {
        try (Publisher publisher = new Publisher(clients.properties(), TOPICS, PARTITIONS)) {
            publisher.open(TopicNames.partitionOf(feed, PARTITIONS));
            List<Manifest> live = reader.manifests(feed);
            assertThat(publisher.publish(Sets.publication(feed, generation, set, live, keep)))
                    .isInstanceOf(PublishResult.Committed.class);
        }
    }

    private static DistilledSet whitened(long seed) {
        ZcaNormalisation zca = new ZcaFit(Photographs.taken(40, SHAPE, seed), SHAPE, 0.1f, (step, total) -> {}).run(1);
        DistilledSet plain = Sets.filled(1, "a", "b");
        float[] images = zca.apply(Photographs.taken(2, SHAPE, seed + 100), SHAPE);
        return new DistilledSet(SHAPE, plain.classes(), zca, images, plain.labels(), plain.recipe());
    }

    private static List<ConsumerRecord<String, byte[]>> recordsOf(String feed, DistilledSet set) {
        String prefix = feed + "/whitening/" + ((ZcaNormalisation) set.normalisation()).digest() + "/";
        return clients.readAll(TOPICS.distilled()).stream()
                .filter(entry -> entry.key().startsWith(prefix))
                .toList();
    }

    /** Keys of a set's matrix whose last record is no tombstone. */
    private static List<String> standing(String feed, DistilledSet set) {
        Map<String, Boolean> last = new LinkedHashMap<>();
        recordsOf(feed, set).forEach(entry -> last.put(entry.key(), entry.value() != null));
        return last.keySet().stream().filter(last::get).toList();
    }

    private static ProducerRecord<String, byte[]> to(String feed, String key, byte @Nullable [] value) {
        return new ProducerRecord<>(TOPICS.distilled(), TopicNames.partitionOf(feed, PARTITIONS), key, value);
    }
}
