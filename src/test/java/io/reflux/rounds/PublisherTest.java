package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.distill.DistilledSet;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.kafka.Transactions;
import io.reflux.wire.Manifest;
import io.reflux.wire.Pointer;
import io.reflux.wire.Shard;
import io.reflux.wire.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublisherTest {
    private static final TopicNames TOPICS = new TopicNames("publish.");
    private static final int PARTITIONS = 4;
    private static final DistilledSet SET = Sets.filled(1, "a", "b");

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
    void publishesAGenerationThatAnOutsiderReadsWhole() {
        try (Publisher publisher = publisherOf("whole")) {
            PublishResult result = publisher.publish(Sets.publication("whole", 1, SET, List.of(), 3));

            assertThat(result).isInstanceOf(PublishResult.Committed.class);
            Generation generation = reader.current("whole").orElseThrow();
            assertThat(generation.manifest().generation()).isEqualTo(1);
            assertThat(generation.set().images()).isEqualTo(SET.images());
            assertThat(generation.set().labels()).isEqualTo(SET.labels());
            assertThat(generation.bytes())
                    .isGreaterThan(generation.document().length
                            + generation.manifest().shards().stream()
                                    .mapToInt(shard -> shard.length())
                                    .sum());
        }
    }

    @Test
    void keepsFeedsApartAndSaysWhenThereIsNone() {
        assertThat(reader.current("nobody")).isEmpty();
        assertThatThrownBy(() -> reader.await("nobody", 1, Duration.ofMillis(300)))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("feed 'nobody' has no generation 1")
                .hasMessageContaining("none yet");
    }

    @Test
    void showsNothingOfAnOpenOrAbortedTransaction() {
        Publication draft = Sets.publication("aborted", 1, SET, List.of(), 3);
        try (Producer<String, byte[]> producer = transactional("outside")) {
            producer.initTransactions();
            producer.beginTransaction();
            write(producer, draft);
            producer.flush();
            assertThat(reader.current("aborted")).isEmpty();
            producer.abortTransaction();
        }
        assertThat(reader.current("aborted")).isEmpty();
    }

    @Test
    void isFencedByTheNextOwnerOfItsPartition() {
        try (Publisher first = publisherOf("fenced");
                Publisher second = publisherOf("fenced")) {
            PublishResult late = first.publish(Sets.publication("fenced", 1, SET, List.of(), 3));

            assertThat(late).isInstanceOf(PublishResult.Fenced.class);
            assertThat(first.open()).isEmpty();
            assertThat(reader.current("fenced")).isEmpty();
            assertThat(second.publish(Sets.publication("fenced", 1, SET, List.of(), 3)))
                    .isInstanceOf(PublishResult.Committed.class);
            assertThat(first.transactions().count(Transactions.Outcome.FENCED)).isEqualTo(1);
            assertThat(first.transactions().count(Transactions.Outcome.COMMITTED))
                    .isZero();
            assertThat(second.transactions().count(Transactions.Outcome.COMMITTED))
                    .isEqualTo(1);
        }
    }

    @Test
    void countsWhatTheBrokerDoesNotTakeAsAborted() {
        Map<String, Object> client = new HashMap<>(clients.properties());
        client.put("max.request.size", 1_000);
        try (Publisher publisher = new Publisher(client, TOPICS, PARTITIONS)) {
            publisher.open(TopicNames.partitionOf("large", PARTITIONS));

            assertThatThrownBy(() -> publisher.publish(Sets.publication("large", 1, SET, List.of(), 3)))
                    .isInstanceOf(PublicationException.class);

            assertThat(publisher.transactions().count(Transactions.Outcome.ABORTED))
                    .isEqualTo(1);
            assertThat(publisher.transactions().count(Transactions.Outcome.COMMITTED))
                    .isZero();
            assertThat(reader.current("large")).isEmpty();
        }
    }

    @Test
    void aTakeOverAbortsWhatTheLastOwnerHadBegun() {
        int partition = TopicNames.partitionOf("takeover", PARTITIONS);
        try (Producer<String, byte[]> zombie = transactional("reflux-publish.reservoir-" + partition)) {
            zombie.initTransactions();
            zombie.beginTransaction();
            write(zombie, Sets.publication("takeover", 1, SET, List.of(), 3));
            zombie.flush();
            try (Publisher owner = publisherOf("takeover")) {
                DistilledSet other = Sets.filled(2, "a", "b");
                owner.publish(Sets.publication("takeover", 1, other, List.of(), 3));

                assertThat(reader.current("takeover").orElseThrow().set().images())
                        .isEqualTo(other.images());
            }
        }
    }

    @Test
    void doesNotPublishForAPartitionItHasGivenUp() {
        try (Publisher publisher = publisherOf("lost")) {
            publisher.shut(TopicNames.partitionOf("lost", PARTITIONS));

            assertThat(publisher.publish(Sets.publication("lost", 1, SET, List.of(), 3)))
                    .isInstanceOf(PublishResult.Fenced.class);
        }
    }

    @Test
    void leavesOnlyTheGenerationsThatAreKept() {
        try (Publisher publisher = publisherOf("keep")) {
            for (long generation = 1; generation <= 4; generation++) {
                publisher.publish(Sets.publication(
                        "keep", generation, Sets.filled(generation, "a", "b"), reader.manifests("keep"), 2));
            }

            assertThat(reader.manifests("keep"))
                    .extracting(Manifest::generation)
                    .containsExactly(3L, 4L);
            assertThat(standing("keep"))
                    .containsExactlyInAnyOrder(
                            "keep", "keep/3", "keep/3/a/0", "keep/3/b/0", "keep/4", "keep/4/a/0", "keep/4/b/0");
            assertThat(reader.await("keep", 4, Duration.ofSeconds(5)).set().images())
                    .containsOnly(4f);
        }
    }

    @Test
    void refusesAHalfPublishedGeneration() throws Exception {
        Publication draft = Sets.publication("half", 1, SET, List.of(), 3);
        byte[] manifest = draft.manifest().toBytes();
        Shard shard = draft.shards().get(0);
        clients.produce(List.of(
                to("half", shard.key().text(), shard.value()),
                to("half", "half/1", manifest),
                to("half", "half", Pointer.at(draft.manifest(), manifest).toBytes())));

        assertThatThrownBy(() -> reader.current("half"))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("feed 'half'")
                .hasMessageContaining("half published")
                .hasMessageContaining("shard half/1/b/0 is missing");
    }

    @Test
    void refusesATamperedShardAndATamperedManifest() throws Exception {
        try (Publisher publisher = publisherOf("tampered")) {
            Publication draft = Sets.publication("tampered", 1, SET, List.of(), 3);
            publisher.publish(draft);
            byte[] value = draft.shards().get(1).value().clone();
            value[value.length - 1] ^= 1;
            clients.produce(List.of(to("tampered", "tampered/1/b/0", value)));
            assertThatThrownBy(() -> reader.current("tampered"))
                    .isInstanceOf(GenerationException.class)
                    .hasMessageContaining("tampered/1/b/0")
                    .hasMessageContaining("SHA-256");

            clients.produce(List.of(to(
                    "tampered",
                    "tampered/1",
                    Sets.manifest(
                                    "tampered",
                                    1,
                                    Sets.filled(9, "a", "b"),
                                    draft.shards().subList(0, 1))
                            .toBytes())));
            assertThatThrownBy(() -> reader.current("tampered"))
                    .isInstanceOf(GenerationException.class)
                    .hasMessageContaining("manifest of generation 1");
        }
    }

    @Test
    void namesABrokerThatDoesNotAnswerAndATopicThatIsNotThere() {
        assertThatThrownBy(() -> new GenerationReader(broker.bootstrapServers(), new TopicNames("none."), Map.of())
                        .current("feed"))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("none.distilled")
                .hasMessageContaining("does not exist");
    }

    private static Publisher publisherOf(String feed) {
        Publisher publisher = new Publisher(clients.properties(), TOPICS, PARTITIONS);
        publisher.open(TopicNames.partitionOf(feed, PARTITIONS));
        return publisher;
    }

    private static Producer<String, byte[]> transactional(String id) {
        Map<String, Object> properties = clients.properties();
        properties.put("transactional.id", id);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static void write(Producer<String, byte[]> producer, Publication draft) {
        String feed = draft.manifest().feed();
        draft.shards().forEach(shard -> producer.send(to(feed, shard.key().text(), shard.value())));
        byte[] manifest = draft.manifest().toBytes();
        producer.send(to(feed, draft.manifest().key().text(), manifest));
        producer.send(to(feed, feed, Pointer.at(draft.manifest(), manifest).toBytes()));
    }

    private static ProducerRecord<String, byte[]> to(String feed, String key, byte[] value) {
        return new ProducerRecord<>(TOPICS.distilled(), TopicNames.partitionOf(feed, PARTITIONS), key, value);
    }

    /** Keys of a feed whose last record is no tombstone. */
    private static Set<String> standing(String feed) {
        List<ConsumerRecord<String, byte[]>> records = clients.readAll(TOPICS.distilled());
        return IntStream.range(0, records.size())
                .filter(i -> records.get(i).key().split("/", -1)[0].equals(feed))
                .filter(i -> records.get(i).value() != null)
                .filter(i -> records.subList(i + 1, records.size()).stream()
                        .noneMatch(later -> later.key().equals(records.get(i).key())))
                .mapToObj(i -> records.get(i).key())
                .collect(Collectors.toSet());
    }
}
