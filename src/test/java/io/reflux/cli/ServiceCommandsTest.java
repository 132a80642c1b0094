package io.reflux.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.reflux.api.ApiProfile;
import io.reflux.console.Terminal;
import io.reflux.rounds.FakeEngine;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code status}, {@code feeds} and {@code rounds} against a running service. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class ServiceCommandsTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI address;

    @Inject
    FakeEngine engine;

    @BeforeEach
    void letTheEngineWork() {
        engine.endless = false;
        engine.accuracy = 0.8;
    }

    @Test
    void tellsHowAServiceAndItsFeedsAre() throws Exception {
        upload("reported", 30);

        CommandRun status = run("status");
        CommandRun feeds = run("feeds");

        assertThat(status.messages()).isEmpty();
        assertThat(status.exitCode()).isZero();
        assertThat(status.output().lines().toList().get(0)).isEqualTo(address + " is ready");
        assertThat(status.output().lines()).anyMatch(line -> line.matches("reported +30 +0 +30 +- +- +-"));
        assertThat(feeds.output().lines()).anyMatch(line -> line.matches("reported +30 +180 +-"));
        JsonNode listed = json(run("feeds", "--json"));
        assertThat(listed.isArray()).isTrue();
        assertThat(listed.findValuesAsText("feed")).contains("reported");
        JsonNode told = json(run("status", "--feed", "reported", "--json"));
        assertThat(told.path("ready").asBoolean()).isTrue();
        assertThat(told.at("/checks/0/status").asText()).isEqualTo("UP");
        assertThat(told.at("/feeds/0/in/images").asLong()).isEqualTo(30);
    }

    @Test
    void startsRoundsAndListsThem() throws Exception {
        upload("rounded", 30);

        CommandRun started = run("rounds", "start", "--feed", "rounded");

        assertThat(started.output()).matches("round [-0-9a-f]+ of feed 'rounded' is requested\\R");
        await().atMost(BOUND).untilAsserted(() -> assertThat(json(run("rounds", "--feed", "rounded", "--json"))
                        .at("/0/state")
                        .asText())
                .isEqualTo("finished"));
        assertThat(run("rounds", "--feed", "rounded").output().lines().toList().get(1))
                .matches("finished +request +20\\S+Z +\\d+\\.\\d +1 +80\\.0 %");
        assertThat(run("status", "--feed", "rounded").output().lines())
                .anyMatch(line -> line.matches("images +30"))
                .anyMatch(line -> line.matches(" +class-1 +15"))
                .anyMatch(line -> line.matches("accuracy of the distilled set +80\\.0 %"));
    }

    @Test
    void cancelsARoundThatRuns() throws Exception {
        upload("cancelled", 30);
        engine.endless = true;
        run("rounds", "start", "--feed", "cancelled");
        await().atMost(BOUND).untilAsserted(() -> assertThat(run("status").output())
                .containsPattern("cancelled .* distilling 1/10"));

        CommandRun cancelled = run("rounds", "cancel", "--feed", "cancelled", "--json");

        assertThat(json(cancelled).path("feed").asText()).isEqualTo("cancelled");
        await().atMost(BOUND).untilAsserted(() -> assertThat(
                        run("rounds", "--feed", "cancelled").output())
                .contains("cancelled  request"));
    }

    @Test
    void passesOnWhatTheServiceRefuses() {
        CommandRun unknown = run("rounds", "--feed", "no such/feed");
        CommandRun idle = run("rounds", "cancel", "--feed", "quiet");

        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.complaints()).singleElement().asString().contains("no such/feed");
        assertThat(idle.exitCode()).isEqualTo(1);
        assertThat(idle.complaints()).singleElement().asString().contains("quiet");
    }

    @Test
    void saysThatAnotherServerIsNoReflux() {
        CommandRun run = CommandRun.of("feeds", "--url", address + "q/metrics/");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("is no Reflux service", "--url");
    }

    @Test
    void keepsItsTablesWithinTheTerminal() throws Exception {
        upload("a-feed-whose-name-is-rather-long-for-a-table-in-a-narrow-terminal", 4);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Terminal narrow = new Terminal(
                new PrintStream(output, true, StandardCharsets.UTF_8),
                System.err,
                true,
                InputStream.nullInputStream(),
                true,
                () -> 60);

        Reflux.execute(narrow, "feeds", "--url", address.toString());

        assertThat(output.toString(StandardCharsets.UTF_8).lines())
                .allMatch(line -> line.length() <= 60)
                .anyMatch(line -> line.startsWith("a-feed-whose") && line.contains("… "));
    }

    /** What goes over the wire, as the other end of the wire sees it. */
    @Test
    void tellsWhoAsksAndThatNoBrowserDoes() throws Exception {
        String basic = asked(Map.of("REFLUX_CREDENTIALS", "ann:open"));
        String bearer = asked(Map.of("REFLUX_TOKEN", "abc", "REFLUX_CREDENTIALS", "ann:open"));

        assertThat(basic).contains("POST /api/v1/feeds/f/rounds ", "X-Requested-With: reflux");
        assertThat(basic).contains("Authorization: Basic YW5uOm9wZW4=");
        assertThat(bearer).contains("Authorization: Bearer abc").doesNotContain("Basic");
        assertThat(asked(Map.of())).doesNotContain("Authorization");
    }

    private static String asked(Map<String, String> environment) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> answer(server));
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
            ServiceClient client = new ServiceClient(url, environment);
            assertThat(client.order("POST", ServiceClient.feedPath("f", "rounds"))
                            .isEmpty())
                    .isTrue();
            return heard.get(20, TimeUnit.SECONDS);
        }
    }

    private static String answer(ServerSocket server) {
        try (Socket socket = server.accept()) {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return head.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Two classes of raw 1×2×3 images over HTTP, counted when it returns. */
    private static void upload(String feed, int count) {
        for (int i = 0; i < count; i++) {
            given().header("X-Requested-With", "reflux")
                    .contentType("application/octet-stream")
                    .queryParam("label", "class-" + i % 2)
                    .queryParam("shape", "1,2,3")
                    .body(new byte[] {(byte) i, 1, 2, 3, 4, 5})
                    .post("/api/v1/feeds/" + feed + "/images")
                    .then()
                    .statusCode(202);
        }
        await().atMost(BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/" + feed).then().body("in.images", equalTo(count)));
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", address.toString()));
        return CommandRun.of(all);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertThat(run.exitCode()).as(run.messages()).isZero();
        return new ObjectMapper().readTree(run.output());
    }
}
