package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The packaged service in a process of its own; started again, it is the same replica with the same directory. */
final class ServiceProcess extends ChildProcess {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = freePort();
    private final Map<String, String> properties = new LinkedHashMap<>();

    /** What a probe of the service's health says. */
    enum Health {
        UP,
        DOWN,
        /** Nothing listens, or it does not answer. */
        SILENT
    }

    /** @param properties of the configuration, stronger than what is common to all tests */
    ServiceProcess(String name, Path directory, String bootstrapServers, Map<String, String> properties) {
        super(name, directory);
        assertThat(Files.exists(JAR))
                .as("%s exists; build it by ./mvnw -Dmaven.test.skip package", JAR)
                .isTrue();
        this.properties.put("kafka.bootstrap.servers", bootstrapServers);
        this.properties.put("kafka.session.timeout.ms", "6000");
        this.properties.put("kafka.heartbeat.interval.ms", "1000");
        this.properties.put("kafka.reconnect.backoff.max.ms", "500");
        this.properties.put("quarkus.http.port", Integer.toString(port));
        this.properties.put("reflux.data.directory", directory.resolve(name).toString());
        this.properties.put("reflux.instance", name);
        this.properties.put("reflux.device", "cpu");
        this.properties.put("reflux.rounds.every-images", "0");
        this.properties.putAll(properties);
    }

    /** Waits until it is ready to work. */
    void awaitReady() {
        await(name() + " is ready")
                .atMost(BOUND)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> ready() == Health.UP);
    }

    /** {@code /q/health/live}. */
    Health live() {
        return health("live");
    }

    /** {@code /q/health/ready}. */
    Health ready() {
        return health("ready");
    }

    /** {@code /q/health/started}. */
    Health started() {
        return health("started");
    }

    /** {@code /q/metrics}. */
    String metrics() {
        return get("/q/metrics").body();
    }

    /** Sum of a metric's series whose labels, as they are written, contain this; NaN when there is none. */
    double metric(String name, String labels) {
        List<Double> values = metrics()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(labels))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        return values.isEmpty()
                ? Double.NaN
                : values.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** Sends a body to a path of the API. */
    HttpResponse<String> post(String path, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return send(request);
    }

    /** What readiness says in full. */
    String readiness() {
        return get("/q/health/ready").body();
    }

    /** What the API says of a feed; empty while it has not heard of it. */
    JsonNode feed(String feed) {
        try {
            return JSON.readTree(get("/api/v1/feeds/" + feed).body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks for a round of a feed and returns its id. */
    String requestRound(String feed) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri("/api/v1/feeds/" + feed + "/rounds")).POST(BodyPublishers.noBody());
        HttpResponse<String> response = send(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        try {
            return JSON.readTree(response.body()).path("round").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    String state() {
        String state = super.state();
        return isRunning()
                ? "%s, liveness %s, readiness %s%n%s"
                        .formatted(
                                state,
                                live(),
                                ready(),
                                stacks(
                                        "smallrye-kafka-consumer",
                                        "reflux-intake",
                                        "reflux-outlet",
                                        "kafka-coordinator-heartbeat"))
                : state;
    }

    @Override
    protected List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("-Xmx384m", "-Dai.djl.offline=true"));
        properties.forEach((name, value) -> arguments.add("-D" + name + "=" + value));
        arguments.addAll(List.of("-jar", JAR.toAbsolutePath().toString(), "serve"));
        return arguments;
    }

    private Health health(String probe) {
        try {
            int status = get("/q/health/" + probe).statusCode();
            return status == 200 ? Health.UP : status == 503 ? Health.DOWN : Health.SILENT;
        } catch (IllegalStateException e) {
            return Health.SILENT;
        }
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.timeout(ANSWER).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
