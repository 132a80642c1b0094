package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ApiProfile.class)
final class EventsResourceTest extends ApiTest {
    private static final String DATA = "data:";

    @TestHTTPResource("/api/v1/events")
    URI address;

    @Test
    void tellsThePresentStateOfAFeedAndEveryChange() throws Exception {
        feeds.produce("watched", 30);
        feeds.produce("ignored", 2);

        try (Listener listener = new Listener(URI.create(address + "?feed=watched"))) {
            await().atMost(ApiFeeds.BOUND)
                    .until(() -> listener.last("/in/images").equals("30"));
            feeds.publish("watched");
            await().atMost(ApiFeeds.BOUND)
                    .until(() -> listener.last("/generation/generation").equals("1"));
            await().atMost(ApiFeeds.BOUND)
                    .until(() -> listener.last("/last/outcome").equals("finished"));

            assertThat(listener.states)
                    .allMatch(state -> state.at("/feed").asText().equals("watched"));
        }
        try (Listener again = new Listener(URI.create(address + "?feed=watched"))) {
            await().atMost(ApiFeeds.BOUND)
                    .until(() -> again.last("/generation/generation").equals("1"));
        }
    }

    @Test
    void tellsOfAllFeedsInShort() throws Exception {
        feeds.produce("one-of-all", 3);

        try (Listener listener = new Listener(address)) {
            await().atMost(ApiFeeds.BOUND).until(() -> listener.states.stream()
                    .anyMatch(state -> state.at("/feed").asText().equals("one-of-all")
                            && state.at("/images").asInt() == 3));
        }
    }

    @Test
    void refusesAFeedThatThereIsNot() {
        ApiFeeds.problem(given().get("/api/v1/events?feed=nobody"), 404, "'nobody'");
    }

    /** Reads events as a browser would. */
    private static final class Listener implements AutoCloseable {
        private final List<JsonNode> states = new CopyOnWriteArrayList<>();
        private final Stream<String> lines;
        private final CompletableFuture<Void> reading;

        Listener(URI address) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Accept", "text/event-stream")
                    .build();
            HttpResponse<Stream<String>> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(response.statusCode()).isEqualTo(200);
            lines = response.body();
            reading = CompletableFuture.runAsync(this::read);
        }

        private void read() {
            ObjectMapper mapper = new ObjectMapper();
            try {
                lines.filter(line -> line.startsWith(DATA)).forEach(line -> {
                    try {
                        states.add(mapper.readTree(line.substring(DATA.length())));
                    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
                        throw new AssertionError(line, e);
                    }
                });
            } catch (UncheckedIOException e) {
                assertThat(reading).as("ends with the connection").isNotNull();
            }
        }

        String last(String pointer) {
            return states.isEmpty()
                    ? ""
                    : states.get(states.size() - 1).at(pointer).asText();
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
