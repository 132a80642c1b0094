package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.reflux.intake.DeadLetterReplay.Choice;
import io.reflux.kafka.Clients;
import io.reflux.kafka.EmbeddedBroker;
import io.reflux.kafka.Topics;
import io.reflux.wire.DeadLetter;
import io.reflux.wire.TopicNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

final class DeadLetterReplayTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Choice ALL = new Choice(null, Set.of(), null, null);
    private static final DeadLetterReplay.Listener NOBODY = sent -> {};

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;
    private static Clients clients;

    private TopicNames topics;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, 0);
        clients = new Clients(broker);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) {
        topics = new TopicNames(test.getTestMethod().orElseThrow().getName() + ".");
        new Topics(topics).ensure(clients.properties(), BOUND);
    }

    @Test
    void sendsTheChosenLettersAsTheyCameAndOnlyOnce() throws Exception {
        bury(0, 30, "cars", "undecodable");
        bury(30, 60, "cars", "class-not-declared");
        bury(60, 90, "digits", "class-not-declared");
        DeadLetterReplay replay = replay(new Choice("cars", Set.of("class-not-declared"), null, null));

        assertThat(replay.preview().total()).isEqualTo(30);
        assertThat(replay.run(NOBODY).letters())
                .hasSize(1)
                .extractingByKey("cars")
                .asString()
                .isEqualTo("{class-not-declared=30}");
        assertThat(replay.preview().total()).isZero();
        assertThat(replay.run(NOBODY).total()).isZero();

        List<ConsumerRecord<String, byte[]>> images = clients.readAll(topics.images());
        assertThat(values(images)).containsExactlyInAnyOrderElementsOf(numbers(30, 60));
        assertThat(images).allSatisfy(image -> {
            assertThat(image.key()).isEqualTo("device");
            assertThat(image.headers().toArray())
                    .extracting(header -> header.key())
                    .containsExactly("feed", "label", "content-type", "shape", "ce_source", "ce_id", "ce_time");
        });
    }

    @Test
    void choosesByTheTimeOfTheDeadLetter() throws Exception {
        bury(0, 10, "cars", "undecodable");
        Instant last = Instant.ofEpochMilli(clients.readAll(topics.deadLetters()).stream()
                .mapToLong(ConsumerRecord::timestamp)
                .max()
                .orElseThrow());

        assertThat(replay(new Choice(null, Set.of(), last.plusMillis(1), null))
                        .preview()
                        .total())
                .isZero();
        assertThat(replay(new Choice(null, Set.of(), null, last.plusMillis(1)))
                        .preview()
                        .total())
                .isEqualTo(10);
    }

    @Test
    void goesOnWhereItWasInterruptedAndTakesWhatCameSince() throws Exception {
        bury(0, 1_200, "cars", "undecodable");
        DeadLetterReplay.Listener impatient = sent -> {
            throw new IllegalStateException("interrupted after " + sent);
        };

        assertThatThrownBy(() -> replay(ALL).run(impatient)).hasMessageContaining("interrupted after");
        bury(1_200, 1_300, "cars", "undecodable");
        replay(ALL).run(NOBODY);

        assertThat(values(clients.readAll(topics.images()))).containsExactlyInAnyOrderElementsOf(numbers(0, 1_300));
    }

    @Test
    void sendsEachLetterOnceThoughItsProcessIsKilled() throws Exception {
        int letters = 20_000;
        bury(0, letters, "cars", "undecodable");
        for (int kill = 0; kill < 2; kill++) {
            long before = written();
            Process process = process();
            await().atMost(BOUND)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> written() > before || !process.isAlive());
            process.destroyForcibly().waitFor();
        }

        replay(ALL).run(NOBODY);

        assertThat(values(clients.readAll(topics.images()))).containsExactlyInAnyOrderElementsOf(numbers(0, letters));
    }

    private Process process() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.reflux.cli.Reflux",
                        "dead-letters",
                        "replay",
                        "--bootstrap",
                        broker.bootstrapServers(),
                        "--topic-prefix",
                        topics.prefix(),
                        "--all-feeds")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("replay.log").toFile())
                .start();
    }

    /** Records on the images topic, committed or not. */
    private long written() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(clients.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.images()).stream()
                    .map(info -> new TopicPartition(topics.images(), info.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private DeadLetterReplay replay(Choice choice) {
        return new DeadLetterReplay(clients.properties(), topics, choice, null);
    }

    private void bury(int from, int to, String feed, String reason) throws Exception {
        List<ProducerRecord<String, byte[]>> letters = new ArrayList<>();
        for (int number = from; number < to; number++) {
            ProducerRecord<String, byte[]> letter = Images.record(
                    topics.deadLetters(),
                    Images.headers(feed, "class", number),
                    Integer.toString(number).getBytes(StandardCharsets.UTF_8));
            for (String name : List.of(
                    DeadLetter.REASON, DeadLetter.TOPIC, DeadLetter.PARTITION, DeadLetter.OFFSET, DeadLetter.DETAIL)) {
                String value = name.equals(DeadLetter.REASON) ? reason : "0";
                letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
            }
            letters.add(letter);
        }
        clients.produce(letters);
    }

    private static List<String> values(List<ConsumerRecord<String, byte[]>> records) {
        return records.stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }
}
