package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.SetFile;
import io.reflux.console.TinySets;
import io.reflux.distill.Accuracy;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.EvaluationReport;
import io.reflux.image.ImageShape;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.wire.Coordinates;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.Manifest;
import io.reflux.wire.Pointer;
import io.reflux.wire.Recipe;
import io.reflux.wire.Scale;
import io.reflux.wire.Shard;
import io.reflux.wire.TopicNames;
import io.reflux.wire.Volume;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code produce} and {@code consume} against a real broker. */
final class KafkaCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        for (String prefix : List.of("raw.", "png.", "sets.", "traced.")) {
            new Topics(new TopicNames(prefix)).ensure(client(), Duration.ofSeconds(30));
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void sendsEveryImageWithALabelAndAnIdentityOfItsOwn() throws Exception {
        Path json = directory.resolve("sent.json");

        CommandRun run = run("produce", "raw.", "--limit-per-class", "2", "--feed", "f", "--json", json.toString());

        assertThat(run.messages()).doesNotContain("reflux: ");
        assertThat(run.exitCode()).isZero();
        List<ImageRecord> records = images("raw.images");
        assertThat(records).hasSize(20).allSatisfy(image -> {
            assertThat(image.feed()).isEqualTo("f");
            assertThat(image.headers().contentType()).isEqualTo("application/octet-stream");
            assertThat(image.bytes())
                    .hasSize(ImageShape.parse(String.valueOf(image.headers().shape()))
                            .size());
        });
        assertThat(records.stream().map(image -> image.headers().event()).distinct())
                .hasSize(20);
        assertThat(records.stream().map(ImageRecord::label).distinct()).hasSize(10);
        JsonNode figures = JSON.readTree(json.toFile());
        assertThat(figures.path("images").asLong()).isEqualTo(20);
        assertThat(figures.path("bytes").asLong())
                .isEqualTo(records.stream()
                        .mapToLong(image -> image.bytes().length)
                        .sum());
    }

    @Test
    void sendsTheSameIdentitiesAgainWhenItIsRunAgain() throws Exception {
        run("produce", "png.", "--limit-per-class", "1", "--encoding", "png");
        List<EventIdentity> first = identities("png.images");

        CommandRun again = run("produce", "png.", "--limit-per-class", "1", "--encoding", "png");

        assertThat(again.exitCode()).isZero();
        List<EventIdentity> both = identities("png.images");
        assertThat(both).hasSize(20);
        assertThat(both.stream().distinct()).containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void sendsTheImagesWhetherSomebodyTakesTheTraceOrNot() throws Exception {
        String nobody = "http://127.0.0.1:1";

        CommandRun run = run("produce", "traced.", "--limit-per-class", "1", "--trace", nobody);

        assertThat(run.exitCode()).isZero();
        assertThat(run.messages()).contains("the trace was not taken by " + nobody);
        assertThat(records("traced.images")).hasSize(10);
        assertThat(records("traced.images").stream()
                        .map(record -> record.headers().lastHeader("traceparent"))
                        .map(header -> new String(header.value(), StandardCharsets.US_ASCII))
                        .distinct())
                .singleElement()
                .asString()
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void refusesATraceThatCannotBeTold() {
        CommandRun nowhere = run("produce", "raw.", "--trace", "somewhere");
        CommandRun endless = run("produce", "raw.", "--trace", "http://127.0.0.1:1", "--loop");

        assertThat(nowhere.exitCode()).isEqualTo(2);
        assertThat(nowhere.complaints()).singleElement().asString().contains("--trace is 'somewhere'");
        assertThat(endless.exitCode()).isEqualTo(2);
        assertThat(endless.complaints()).singleElement().asString().contains("--loop");
    }

    @Test
    void refusesToSendToAClusterWithoutTheTopic() {
        CommandRun run = run("produce", "other.", "--limit-per-class", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("has no topic 'other.images'");
    }

    @Test
    void writesTheCurrentGenerationIntoOneFile() throws Exception {
        publish("whole", true);
        Path file = directory.resolve("whole.safetensors");

        CommandRun run = run("consume", "sets.", "--feed", "whole", "--out", file.toString());

        assertThat(run.messages()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("generation 1 of feed 'whole'", "80.0 %");
        assertThat(SetFile.read(file).images())
                .isEqualTo(TinySets.ofTwoClasses().images());
    }

    @Test
    void refusesAGenerationThatIsHalfPublished() throws Exception {
        publish("half", false);
        Path file = directory.resolve("half.safetensors");

        CommandRun run = run("consume", "sets.", "--feed", "half", "--out", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("half published or damaged");
        assertThat(Files.exists(file)).isFalse();
    }

    @Test
    void saysThatAFeedHasNoGenerationYet() {
        Path file = directory.resolve("none.npz");

        CommandRun run = run("consume", "sets.", "--feed", "silent", "--timeout", "1", "--out", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("'silent'", "has none yet");
    }

    private static CommandRun run(String command, String prefix, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of(command, "--bootstrap", broker.bootstrapServers(), "--topic-prefix", prefix));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static List<EventIdentity> identities(String topic) throws Exception {
        return images(topic).stream().map(image -> image.headers().event()).toList();
    }

    private static List<ImageRecord> images(String topic) throws Exception {
        List<ImageRecord> images = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> entry : records(topic)) {
            images.add(ImageRecord.parse(
                    entry.headers(),
                    entry.value(),
                    new Coordinates("topic", entry.partition(), entry.offset(), entry.timestamp())));
        }
        return images;
    }

    private static List<ConsumerRecord<String, byte[]>> records(String topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(client(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** Writes a generation as its records stand on the topic; half of it lacks a shard. */
    private static void publish(String feed, boolean whole) throws Exception {
        DistilledSet set = TinySets.ofTwoClasses();
        List<Shard> shards = Shard.split(feed, 1, set);
        Manifest manifest = manifest(feed, set, shards);
        Map<String, byte[]> records = new TreeMap<>();
        shards.stream()
                .skip(whole ? 0 : 1)
                .forEach(shard -> records.put(shard.key().text(), shard.value()));
        records.put(manifest.key().text(), manifest.toBytes());
        Pointer pointer = Pointer.at(manifest, manifest.toBytes());
        records.put(pointer.key().text(), pointer.toBytes());
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(client(), new StringSerializer(), new ByteArraySerializer())) {
            int partition = TopicNames.partitionOf(
                    feed, producer.partitionsFor("sets.distilled").size());
            for (Map.Entry<String, byte[]> entry : records.entrySet()) {
                producer.send(new ProducerRecord<>("sets.distilled", partition, entry.getKey(), entry.getValue()))
                        .get();
            }
        }
    }

    private static Manifest manifest(String feed, DistilledSet set, List<Shard> shards) {
        ImageShape shape = set.shape();
        return new Manifest(
                Manifest.FORMAT,
                feed,
                1,
                "round-1",
                Instant.parse("2026-03-01T12:00:00Z"),
                set.classes(),
                List.of(shape.channels(), shape.height(), shape.width()),
                Scale.of(set.normalisation()),
                2,
                Recipe.of(set.recipe()),
                new EvaluationReport(
                        new Accuracy(0.8, 0.01, 3), new Accuracy(0.5, 0.05, 5), new Accuracy(0.9, 0.01, 3)),
                0.5,
                new Volume(100, 10_000),
                new TreeMap<>(Map.of("cat", 10, "dog/wolf", 10)),
                new Volume(set.size(), 100),
                new TreeMap<>(Map.of(0, 100L)),
                1,
                new TreeMap<>(),
                "test",
                shards.stream().map(Shard::entry).toList(),
                null);
    }
}
