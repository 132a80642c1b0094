package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.cli.CommandRun;
import io.reflux.console.Meter;
import io.reflux.kafka.EmbeddedBroker;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class BenchIngestTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void readsABacklogAsAPlainConsumerAndLeavesItThere() throws Exception {
        Path json = directory.resolve("ingest.json");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            IngestCluster cluster =
                    IngestCluster.outside(Map.of("bootstrap.servers", broker.bootstrapServers()), "mine-");
            cluster.prepare();
            IngestOptions options = new IngestOptions();
            new CommandLine(options).parseArgs("--pixels", "8", "--images", "8000", "--warm-up", "4000");
            try (Replay replay = new Replay(options, cluster)) {
                replay.flood(12_000, Meter.SILENT);
                assertThat(replay.bytesPerImage()).isEqualTo(192);
            }

            CommandRun run = CommandRun.of(
                    "bench",
                    "ingest",
                    "--part",
                    "consumer",
                    "--images",
                    "8000",
                    "--warm-up",
                    "4000",
                    "--prefix",
                    "mine-",
                    "--bootstrap",
                    broker.bootstrapServers(),
                    "--json",
                    json.toString());

            assertThat(run.complaints()).isEmpty();
            JsonNode figures = JSON.readTree(json.toFile());
            assertThat(figures.at("/consumer/images-per-second").asDouble()).isPositive();
            assertThat(figures.at("/consumer/megabytes-per-second").asDouble()).isPositive();
            Set<String> before = admin.listTopics().names().get();
            assertThat(before).contains("mine-images");
            cluster.close();
            assertThat(admin.listTopics().names().get()).noneMatch(topic -> topic.startsWith("mine-"));
        }
    }

    @Test
    void aLongMeasurementKeepsTheNewestImagesOnly() throws Exception {
        IngestOptions options = new IngestOptions();
        new CommandLine(options).parseArgs("--pixels", "32", "--images", "1");
        try (IngestCluster cluster = IngestCluster.retaining(16 << 20, directory.resolve("kafka"), "");
                Admin admin = Admin.create(cluster.client())) {
            cluster.prepare();
            String images = cluster.topics().images();
            Map<TopicPartition, OffsetSpec> beginnings =
                    admin.describeTopics(List.of(images)).allTopicNames().get().get(images).partitions().stream()
                            .collect(Collectors.toMap(
                                    partition -> new TopicPartition(images, partition.partition()),
                                    partition -> OffsetSpec.earliest()));
            try (Replay replay = new Replay(options, cluster)) {
                replay.flood(20_000, Meter.SILENT);
            }

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            admin.listOffsets(beginnings).all().get().values())
                    .anySatisfy(beginning -> assertThat(beginning.offset()).isPositive()));
        }
    }

    @Test
    void refusesTopicsThatAreSomebodysAlready() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
            IngestCluster.outside(Map.of("bootstrap.servers", broker.bootstrapServers()), "taken-")
                    .prepare();

            CommandRun run =
                    CommandRun.of("bench", "ingest", "--prefix", "taken-", "--bootstrap", broker.bootstrapServers());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.complaints()).singleElement().asString().contains("a topic 'taken-", "another --prefix");
        }
    }

    @Test
    void fetchesAsTheServiceDoes() throws Exception {
        Properties service = new Properties();
        try (InputStream packaged = getClass().getResourceAsStream("/application.properties")) {
            service.load(packaged);
        }
        String channel = "mp.messaging.incoming.images.";

        assertThat(RawReader.fetchSettings())
                .contains(entry("max.poll.records", service.getProperty(channel + "max.poll.records")))
                .contains(entry("fetch.max.bytes", service.getProperty(channel + "fetch.max.bytes")))
                .containsKey("max.partition.fetch.bytes")
                .doesNotContainKey("group.id");
    }

    @Test
    void measuresDecodingAlone() throws Exception {
        Path json = directory.resolve("decode.json");

        CommandRun run = CommandRun.of(
                "bench",
                "ingest",
                "--part",
                "decode",
                "--content",
                "png",
                "--pixels",
                "8",
                "--threads",
                "2",
                "--json",
                json.toString());

        assertThat(run.complaints()).isEmpty();
        assertThat(run.output()).contains("decoding png of 3,8,8");
        assertThat(JSON.readTree(json.toFile()).at("/decode/one").asDouble()).isPositive();
        assertThat(JSON.readTree(json.toFile()).at("/decode/all").asDouble()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--images=0", "--channels=2", "--repeats=0", "--rate=0", "--part=consumer"})
    void refusesWhatCannotBeMeasured(String option) {
        CommandRun run = CommandRun.of("bench", "ingest", option);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.complaints()).hasSize(1);
    }
}
