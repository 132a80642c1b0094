package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.faults.ServiceProcess.Health;
import io.reflux.faults.TraceCollector.Received;
import io.reflux.image.GeneratedShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an operator sees of the packaged service: its start, a trace from {@code reflux produce} and from an upload to the
 * published generation, and its log as JSON.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ObservedIT {
    private static final String FEED = "only";
    private static final int PER_CLASS = 25;
    private static final int STORM = 1_000;
    private static final Duration BOUND = Duration.ofSeconds(90);
    private static final String UPLOAD = "0af7651916cd43dd8448eb211c80319c";
    private static final String REQUEST = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String BAD = "00-11112222333344445555666677778888-aaaabbbbccccdddd-01";
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final Laboratory LABORATORY = new Laboratory();

    private static final TraceCollector TRACES = new TraceCollector();
    private static Installation installation;
    private static ServiceProcess service;
    private static String requested;

    @Test
    @Order(1)
    void isStartedWhenTheBrokerIsThereAndEveryRoleWorks() {
        BrokerProcess broker = LABORATORY.broker();
        installation = new Installation(broker, "observed.", List.of(FEED, "fading"));
        Map<String, String> properties = new HashMap<>(Installation.rounds(20));
        // students that learn something from the set, while those on random real images do not
        properties.put("reflux.distillation.images-per-class", "5");
        properties.put("reflux.distillation.evaluation.epochs", "500");
        properties.put("reflux.distillation.matching.initial-rate", "0.3");
        properties.put("quarkus.log.console.json.enabled", "true");
        properties.put("quarkus.banner.enabled", "false");
        properties.put("quarkus.otel.sdk.disabled", "false");
        properties.put("quarkus.otel.exporter.otlp.endpoint", TRACES.address());
        properties.put("quarkus.otel.bsp.schedule.delay", "PT0.2S");
        service = LABORATORY.service("observed", installation.properties(properties));
        service.start();
        await("alive without a broker").atMost(BOUND).until(() -> service.live() == Health.UP);
        assertThat(service.started()).as("started without a broker").isEqualTo(Health.DOWN);
        assertThat(service.ready()).as("ready without a broker").isEqualTo(Health.DOWN);

        broker.start();

        await("started with it").atMost(BOUND).until(() -> service.started() == Health.UP);
        service.awaitReady();
    }

    @Test
    @Order(2)
    void aTraceLeadsFromTheProducerToTheGeneration() throws Exception {
        produce();
        upload("00-" + UPLOAD + "-b7ad6b7169203331-01");
        sendBad();
        await("all images are counted")
                .atMost(BOUND)
                .until(() -> service.feed(FEED).at("/in/images").asInt() == 10 * PER_CLASS + 1);
        Received sent = awaitSpan("images send", span -> true);
        Received collected = awaitSpan("images collect", span -> span.parent().equals(sent.id()));
        assertThat(collected.trace()).isEqualTo(sent.trace());
        assertThat(sent.service()).isEqualTo("reflux-produce");
        assertThat(collected.service()).isEqualTo("reflux");
        Received received = awaitSpan("images collect", span -> span.trace().equals(UPLOAD));
        assertThat(TRACES.spans()).anySatisfy(span -> {
            assertThat(span.id()).isEqualTo(received.parent());
            assertThat(span.name()).startsWith("POST");
            assertThat(span.parent()).isEqualTo("b7ad6b7169203331");
        });
        long records = TRACES.named("images collect").stream()
                .filter(span -> span.trace().equals(sent.trace()))
                .mapToLong(span -> Long.parseLong(span.attribute("messaging.batch.message_count")))
                .sum();
        assertThat(Long.toString(records)).isEqualTo(sent.attribute("messaging.batch.message_count"));
        assertThat(TRACES.named("images collect").size())
                .as("spans, not one a record")
                .isLessThan((int) records / 4);

        HttpResponse<String> request = service.post(
                "/api/v1/feeds/" + FEED + "/rounds",
                Map.of("traceparent", "00-" + REQUEST + "-00f067aa0ba902b7-01"),
                new byte[0]);
        assertThat(request.statusCode()).as(request.body()).isEqualTo(202);
        requested = parsed(request.body()).path("round").asText();
        assertThat(requested).isNotBlank();
        Received round = awaitSpan("round", span -> true);

        assertThat(round.trace()).isEqualTo(REQUEST);
        assertThat(round.attribute("reflux.outcome")).isEqualTo("published");
        assertThat(round.attribute("reflux.generation")).isEqualTo("1");
        assertThat(round.linkedTraces()).contains(sent.trace(), UPLOAD);
        for (String stage : List.of("sampling", "training-experts", "distilling", "evaluating", "publishing")) {
            awaitSpan(stage, span -> span.parent().equals(round.id()));
        }
        Received publishing = TRACES.named("publishing").get(0);
        assertThat(manifest(installation).headers().lastHeader("traceparent").value())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("00-" + REQUEST + "-" + publishing.id() + "-01");
    }

    @Test
    @Order(3)
    void aDeadLetterKeepsItsTrace() {
        List<String> traces =
                TopicReader.committed(LABORATORY.broker())
                        .all(installation.topics().deadLetters())
                        .stream()
                        .map(letter -> ExpectedSample.header(letter, "traceparent"))
                        .toList();

        assertThat(traces).containsExactly(BAD);
    }

    @Test
    @Order(4)
    void everyLineOfTheLogIsJsonAndTellsWhatItIsAbout() {
        List<JsonNode> lines = service.said().lines().map(ObservedIT::parsed).toList();

        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            assertThat(line.path("timestamp").asText()).isNotBlank();
            assertThat(line.path("level").asText()).isNotBlank();
            assertThat(line.path("message").asText()).isNotBlank();
        });
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("message").asText()).contains("published generation 1");
            assertThat(line.at("/mdc/feed").asText()).isEqualTo(FEED);
            assertThat(line.at("/mdc/generation").asText()).isEqualTo("1");
            assertThat(line.at("/mdc/round").asText()).isEqualTo(requested);
            assertThat(line.path("message").asText()).contains(requested);
            assertThat(line.at("/mdc/traceId").asText()).isEqualTo(REQUEST);
        });
    }

    @Test
    @Order(5)
    void measuresWhatTheEngineHolds() {
        await("metrics").atMost(BOUND).untilAsserted(() -> {
            String metrics = service.metrics();
            assertThat(value(metrics, "reflux_trajectories_bytes{feed=\"only\""))
                    .isGreaterThan(1_000);
            assertThat(value(metrics, "reflux_device_memory_bytes{device=\"cpu\""))
                    .isGreaterThan(1 << 26);
            assertThat(value(metrics, "reflux_transactions_total{outcome=\"committed\""))
                    .isEqualTo(1);
        });
    }

    @Test
    @Order(6)
    void aStormOfUnreadableRecordsFillsNoLog() {
        int counted = service.feed(FEED).at("/in/images").asInt();
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                LABORATORY.broker().client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < STORM; i++) {
                byte[] key = (FEED + "/settings").getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(installation.topics().reservoir(), key, new byte[] {1}));
                producer.send(new ProducerRecord<>(installation.topics().rounds(), key, new byte[] {1}));
            }
        }
        upload("00-" + REQUEST + "-00f067aa0ba902b7-00");
        await("what came after the storm is counted")
                .atMost(BOUND)
                .until(() -> service.feed(FEED).at("/in/images").asInt() > counted);

        assertThat(service.said().lines().filter(line -> line.contains("is skipped")))
                .hasSizeBetween(1, STORM / 10);
        TRACES.close();
    }

    private static void produce() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of("target", "quarkus-app", "quarkus-run.jar").toString(),
                "produce",
                "--bootstrap",
                LABORATORY.broker().bootstrapServers(),
                "--topic-prefix",
                installation.topics().prefix(),
                "--feed",
                FEED,
                "--limit-per-class",
                Integer.toString(PER_CLASS),
                "--trace",
                TRACES.address()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("sent ").doesNotContain("not taken");
    }

    private static void upload(String trace) {
        HttpResponse<String> upload = service.post(
                "/api/v1/feeds/" + FEED + "/images?shape=3,16,16&label=" + GeneratedShapes.CLASSES.get(0),
                Map.of("Content-Type", "application/octet-stream", "traceparent", trace),
                new byte[3 * 16 * 16]);
        assertThat(upload.statusCode()).as(upload.body()).isEqualTo(202);
    }

    private static void sendBad() {
        ProducerRecord<byte[], byte[]> bad =
                new ProducerRecord<>(installation.topics().images(), new byte[] {1});
        bad.headers().add("feed", FEED.getBytes(StandardCharsets.UTF_8));
        bad.headers().add("traceparent", BAD.getBytes(StandardCharsets.US_ASCII));
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                LABORATORY.broker().client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(bad);
        }
    }

    private static Received awaitSpan(String name, Predicate<Received> wanted) {
        return await("a span '" + name + "'")
                .atMost(BOUND)
                .until(() -> TRACES.named(name).stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private static ConsumerRecord<String, byte[]> manifest(Installation of) {
        return TopicReader.committed(LABORATORY.broker()).all(of.topics().distilled()).stream()
                .filter(record -> record.key().equals(FEED + "/1"))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("no JSON: " + line, e);
        }
    }

    private static double value(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
