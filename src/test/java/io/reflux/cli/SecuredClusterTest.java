package io.reflux.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.kafka.KafkaConnection;
import io.reflux.kafka.Topics;
import io.reflux.rounds.FakeEngine;
import io.reflux.wire.TopicNames;
import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The whole way through a cluster that wants TLS on both sides and SASL/SCRAM, and what is said about its secrets. */
@QuarkusTest
@TestProfile(SecuredClusterTest.Service.class)
final class SecuredClusterTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String WRONG_PASSWORD = "mistaken-secret-41ab";
    private static final List<String> SECRETS = List.of(
            SecuredBroker.PASSWORD, SecuredBroker.KEYSTORE_PASSWORD, SecuredBroker.TRUSTSTORE_PASSWORD, WRONG_PASSWORD);

    public static final class Service implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("reflux.rounds.every-images", "0", "reflux.sample.hold-out-minimum", "2");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(SecuredBroker.class));
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(FakeEngine.class);
        }
    }

    @Inject
    KafkaConnection kafka;

    @ConfigProperty(name = "secured.directory")
    Path directory;

    @Test
    void everyClientGetsThroughAndNobodyTellsASecret() throws Exception {
        List<String> outputs = new ArrayList<>();
        Path file = clientFile("right.properties", SecuredBroker.PASSWORD);

        outputs.add(
                succeed("produce", "--kafka-config", file.toString(), "--limit-per-class", "10", "--feed", "locked"));
        await().atMost(BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/locked").then().statusCode(200));
        await().atMost(BOUND)
                .until(() -> given().get("/api/v1/feeds/locked").jsonPath().getInt("in.images") == 100);
        given().post("/api/v1/feeds/locked/rounds").then().statusCode(202);
        Path set = directory.resolve("set.npz");
        outputs.add(succeed(
                "consume",
                "--kafka-config",
                file.toString(),
                "--feed",
                "locked",
                "--out",
                set.toString(),
                "--timeout",
                "60"));
        assertThat(set).isNotEmptyFile();

        outputs.add(given().get("/q/metrics").asString());
        outputs.add(given().get("/q/health").asString());
        outputs.add(given().get("/api/v1/feeds/locked").asString());
        outputs.add(succeed("distill", "--show-config", "--out", "unused.npz"));
        outputs.add(refusal());
        outputs.add(refusalOfTheService());
        outputs.add(topics());
        outputs.add(Files.readString(directory.resolve("service.log")));
        String all = String.join("\n", outputs);
        assertThat(SECRETS).noneMatch(all::contains);
        // What was searched holds what a secret could have been in, Kafka's own dumps among it.
        assertThat(List.of(
                        "io.reflux.round.finished",
                        "reflux-manifest/1",
                        "reflux_images_total",
                        "ConsumerConfig values",
                        "ProducerConfig values",
                        "AdminClientConfig values",
                        "sasl.jaas.config = [hidden]",
                        "ssl.keystore.password = [hidden]",
                        "Failed authentication"))
                .allMatch(all::contains);
    }

    /** What is said to a client whose password is wrong. */
    private String refusal() throws Exception {
        Path wrong = clientFile("wrong.properties", WRONG_PASSWORD);
        CommandRun run = CommandRun.of("produce", "--kafka-config", wrong.toString(), "--limit-per-class", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints())
                .singleElement()
                .asString()
                .contains("refuses these credentials", "Authentication failed", "--kafka-config");
        return run.output() + run.messages();
    }

    /** What keeps a service from starting whose password is wrong. */
    private String refusalOfTheService() {
        Map<String, Object> client = kafka.clientProperties();
        client.put(
                "sasl.jaas.config",
                String.valueOf(client.get("sasl.jaas.config")).replace(SecuredBroker.PASSWORD, WRONG_PASSWORD));
        Throwable refusal = catchThrowable(() -> new Topics(kafka.names()).ensure(client, Duration.ofSeconds(30)));
        assertThat(refusal).hasMessageContainingAll("refuses these credentials", "kafka.sasl.*");
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    private static String succeed(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.exitCode()).as(run.messages()).isZero();
        return run.output() + run.messages();
    }

    private Path clientFile(String name, String password) throws Exception {
        int port = Integer.parseInt(kafka.bootstrapServers().replaceAll(".*:", ""));
        StringBuilder lines = new StringBuilder();
        SecuredBroker.client(directory, port, password)
                .forEach((property, value) ->
                        lines.append(property).append('=').append(value).append('\n'));
        return Files.writeString(directory.resolve(name), lines);
    }

    /** Every key and value of the topics the service writes; bytes that are no text stay bytes. */
    private String topics() {
        StringBuilder text = new StringBuilder();
        TopicNames names = kafka.names();
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.remove("group.id");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (String topic : List.of(names.reservoir(), names.distilled(), names.rounds())) {
                consumer.partitionsFor(topic)
                        .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> text.append(latin(record.key())).append(latin(record.value())));
            }
        }
        return text.toString();
    }

    private static String latin(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
