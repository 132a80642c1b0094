package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.Terminal;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.rounds.Rounds;
import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.RecordedRecords;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

/** {@code erase}, {@code feeds}, {@code generations} and {@code dead-letters} against a real broker. */
final class HousekeepingCommandsTest {
    private static final int PARTITIONS = 4;

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static String imagesId = "";

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory.resolve("broker"), 0);
        for (String prefix : List.of("erase.", "feeds.", "asks.", "owner.")) {
            new Topics(new TopicNames(prefix)).ensure(client(), Duration.ofSeconds(30));
        }
        Topics topics = new Topics(new TopicNames("letters."));
        imagesId =
                topics.imagesId(topics.ensure(client(), Duration.ofSeconds(30))).toString();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void writesErasuresOfImagesAndDevicesAndLiftsThem() throws Exception {
        Identity image = Identity.ofEvent("/camera/1", "image-1", "2026-01-01T00:00:00Z");

        assertThat(run("erase.", "erase", "--feed", "f", "--identity", image.text(), "--yes")
                        .exitCode())
                .isZero();
        assertThat(run(
                                "erase.",
                                "erase",
                                "--feed",
                                "f",
                                "--device",
                                "camera 2",
                                "--until",
                                "2026-03-01T12:00:00Z",
                                "-y")
                        .output())
                .contains("erased: every image of device 'camera 2' taken until 2026-03-01T12:00:00Z of feed 'f'");
        assertThat(run("erase.", "erase", "--feed", "f", "--device", "camera 2", "--lift")
                        .exitCode())
                .isZero();

        List<ConsumerRecord<String, byte[]>> records = read("erase.reservoir");
        ErasureRecord first = (ErasureRecord) parse(records.get(0));
        ErasureRecord second = (ErasureRecord) parse(records.get(1));
        assertThat(first.key()).isEqualTo(ReservoirKey.OfErasure.of("f", image));
        assertThat(second.key()).isEqualTo(ReservoirKey.OfErasure.of("f", Device.of("camera 2")));
        assertThat(second.until()).isEqualTo(Instant.parse("2026-03-01T12:00:00Z"));
        assertThat(records.get(2).key()).isEqualTo(second.key().key().text());
        assertThat(records.get(2).value()).isNull();
    }

    @Test
    void namesAnImageByItsPlaceOnTheTopic() throws Exception {
        CommandRun run = run("letters.", "erase", "--at", "3:1234", "--yes");

        assertThat(run.messages()).isEmpty();
        assertThat(((ErasureRecord) parse(read("letters.reservoir").get(0))).key())
                .isEqualTo(ReservoirKey.OfErasure.of("default", Identity.ofOffset(imagesId, 3, 1234)));
    }

    @Test
    void writesResetsAndDeletionsWithTheEndsOfTheImagesTopic() throws Exception {
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(client(), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("feeds.images", 2, "device", new byte[] {1}))
                    .get();
        }

        assertThat(run("feeds.", "feeds", "reset", "--feed", "f", "--yes").output())
                .contains("feed 'f' is reset");
        assertThat(run("feeds.", "feeds", "delete", "--feed", "f", "--yes", "--json")
                        .output())
                .contains("\"feed\" : \"f\"", "\"outcome\" : \"deleted\"");

        List<ConsumerRecord<String, byte[]>> records = read("feeds.reservoir");
        ResetRecord reset = (ResetRecord) parse(records.get(0));
        ResetRecord deletion = (ResetRecord) parse(records.get(1));
        assertThat(reset.offsets()).isEqualTo(Map.of(0, 0L, 1, 0L, 2, 1L, 3, 0L));
        assertThat(reset.deleted()).isFalse();
        assertThat(deletion.deleted()).isTrue();
        assertThat(deletion.incarnation()).isNotEqualTo(reset.incarnation());
    }

    @Test
    void doesNothingThatCannotBeUndoneUnlessSomebodyAgrees() {
        CommandRun unasked = run("asks.", "feeds", "delete", "--feed", "f");
        CommandRun refused = asked("n\n", "feeds", "reset", "--feed", "f");
        CommandRun silent = asked("", "erase", "--device", "d");

        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.complaints()).singleElement().asString().contains("say --yes");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.messages()).contains("of feed 'f'", "go on? [y/N]", "nothing was changed");
        assertThat(silent.exitCode()).isEqualTo(1);
        assertThat(read("asks.reservoir")).isEmpty();
        assertThat(asked("yes\n", "feeds", "reset", "--feed", "f").exitCode()).isZero();
        assertThat(read("asks.reservoir")).hasSize(1);
    }

    @Test
    void saysThatNoOwnerAnswers() {
        CommandRun run = run("asks.", "generations", "pin", "--generation", "1", "--timeout", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("did not answer within 1 s");
        assertThat(run("asks.", "generations", "list").output()).contains("feed 'default' has no generation");
    }

    @Test
    void tellsWhatTheOwnerAnswers() throws Exception {
        CompletableFuture<Void> owner =
                CompletableFuture.runAsync(() -> answer(Type.PINNED, RoundDetail.generation(4)));
        CommandRun pinned = run("owner.", "generations", "pin", "--feed", "f", "--generation", "4");
        owner.get(30, TimeUnit.SECONDS);
        owner = CompletableFuture.runAsync(
                () -> answer(Type.DECLINED, RoundDetail.declined(5, "feed 'f' has no generation 5")));
        CommandRun declined = run("owner.", "generations", "rollback", "--feed", "f", "--generation", "5", "--yes");
        owner.get(30, TimeUnit.SECONDS);

        assertThat(pinned.messages()).isEmpty();
        assertThat(pinned.output()).contains("generation 4 of feed 'f' is pinned");
        assertThat(declined.exitCode()).isEqualTo(1);
        assertThat(declined.complaints()).singleElement().asString().contains("has no generation 5");
    }

    @Test
    void listsTheGenerationsThatStand() throws Exception {
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(client(), new StringSerializer(), new ByteArraySerializer())) {
            for (RecordedRecords.Recorded recorded : RecordedRecords.ofFirstVersion("distilled")) {
                producer.send(new ProducerRecord<>(
                                "owner.distilled",
                                TopicNames.partitionOf("cars", PARTITIONS),
                                recorded.key(),
                                recorded.value()))
                        .get();
            }
        }

        CommandRun run = run("owner.", "generations", "list", "--feed", "cars");

        assertThat(run.output().lines().toList().get(1)).matches("1 +2 +80\\.0 % +2026-03-01T12:00:00Z +current");
        JsonNode listed = new ObjectMapper()
                .readTree(run("owner.", "generations", "list", "--feed", "cars", "--json")
                        .output());
        assertThat(listed.at("/0/generation").asLong()).isEqualTo(1);
        assertThat(listed.at("/0/current").asBoolean()).isTrue();
        assertThat(listed.at("/0/pinned").asBoolean()).isFalse();
    }

    /** Answers the first open request as an owner would. */
    private static void answer(Type type, RoundDetail detail) {
        try (Rounds owner = new Rounds(client(), new TopicNames("owner."), PARTITIONS)) {
            Optional<RoundEvent> order = Optional.empty();
            while (order.isEmpty()) {
                order = openOrder();
            }
            owner.await(RoundEvent.of(type, "f", order.get().round(), Instant.now(), detail));
        }
    }

    private static Optional<RoundEvent> openOrder() {
        List<RoundEvent> events = read("owner.rounds").stream()
                .map(record -> {
                    try {
                        return RoundEvent.fromBytes(record.value());
                    } catch (WireException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
        return events.stream()
                .filter(event -> event.type().asksOfGeneration())
                .filter(order -> events.stream()
                        .noneMatch(
                                event -> event.type().answers() && event.round().equals(order.round())))
                .findFirst();
    }

    @Test
    void countsTheDeadLettersItWouldSendAgain() {
        CommandRun none = run("letters.", "dead-letters", "replay", "--all-feeds", "--dry-run");
        CommandRun unknown = run("letters.", "dead-letters", "replay", "--reason", "ugly");

        assertThat(none.output()).contains("would send 0 dead letters to letters.images again");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.complaints()).singleElement().asString().contains("'ugly'", "undecodable");
    }

    private static CommandRun run(String prefix, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap", broker.bootstrapServers(), "--topic-prefix", prefix));
        return CommandRun.of(all);
    }

    /** Runs a command in front of a person who types this. */
    private static CommandRun asked(String typed, String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(output, true, StandardCharsets.UTF_8),
                new PrintStream(messages, true, StandardCharsets.UTF_8),
                true,
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.US_ASCII)));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap", broker.bootstrapServers(), "--topic-prefix", "asks."));
        int exitCode = Reflux.execute(terminal, all.toArray(String[]::new));
        return new CommandRun(
                exitCode, output.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8));
    }

    private static ReservoirRecord parse(ConsumerRecord<String, byte[]> record) throws Exception {
        return ReservoirRecord.parse(ReservoirKey.parse(record.key()).orElseThrow(), record.value());
    }

    private static List<ConsumerRecord<String, byte[]>> read(String topic) {
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(client(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
