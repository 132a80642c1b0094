package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of who may do what, however callers say who they are. */
abstract class AccessTest extends ApiTest {
    private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    /** What is no part of the OpenAPI document, and has to be guarded all the same. */
    private static final List<String> PAGES = List.of(
            "/",
            "/index.html",
            "/dashboard.js",
            "/dashboard.css",
            "/q/openapi",
            "/q/openapi?format=json",
            "/q/swagger-ui/",
            "/q/swagger-ui/index.html",
            "/q/no-such-thing",
            "/no/such/page",
            "/api/v1/no-such-resource");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AuditLines audit;

    @TestHTTPResource("/")
    URI address;

    @BeforeEach
    void listen() {
        audit = new AuditLines();
    }

    @AfterEach
    void listenNoMore() {
        audit.close();
    }

    /** The value of the caller's Authorization header. */
    abstract Optional<String> authorization(Caller caller) throws Exception;

    /** Values of that header that look right and are not. */
    abstract List<String> forged() throws Exception;

    /** What a challenge begins with. */
    abstract String scheme();

    /** Of {@code reflux.security}. */
    abstract String mode();

    private record Answer(int status, String challenge, String contentType, String body) {}

    @Test
    void everyCallOfTheOpenApiDocumentIsForThoseWithTheRoleAndTheFeed() throws Exception {
        JsonNode paths = new ObjectMapper()
                .readTree(call("GET", "/q/openapi?format=json", Caller.READER).body())
                .get("paths");
        assertThat(paths.size()).isGreaterThan(15);
        SoftAssertions softly = new SoftAssertions();
        for (String template : names(paths)) {
            for (String method : names(paths.get(template))) {
                for (Caller caller : Caller.values()) {
                    if (template.contains("{feed}")) {
                        judge(softly, method, template, "mine", caller);
                        judge(softly, method, template, "other", caller);
                    } else {
                        judge(softly, method, template, "mine", caller);
                    }
                }
            }
        }
        softly.assertAll();
    }

    private void judge(SoftAssertions softly, String method, String template, String feed, Caller caller)
            throws Exception {
        String verb = method.toUpperCase(Locale.ROOT);
        String path = template.replace("{feed}", feed).replaceAll("\\{[^}]*}", "1");
        boolean own = feed.equals("mine");
        boolean allowed = SAFE.contains(verb) ? caller.mayRead(own) : caller.mayChange(own);
        Answer answer = call(verb, path, caller);
        String what = verb + " " + path + " by " + caller + " is answered by " + answer.status();
        if (allowed) {
            softly.assertThat(answer.status()).as(what).isNotIn(401, 403).isLessThan(500);
        } else {
            softly.assertThat(answer.status()).as(what).isEqualTo(caller.isKnown() ? 403 : 401);
            softly.assertThat(answer.contentType()).as(what).isEqualTo("application/problem+json");
        }
    }

    @Test
    void nobodyGetsInByAnyMethodOnAnyPath() throws Exception {
        List<String> paths = new ArrayList<>(PAGES);
        paths.add("/q/metrics");
        JsonNode promised = new ObjectMapper()
                .readTree(call("GET", "/q/openapi?format=json", Caller.READER).body())
                .get("paths");
        names(promised).forEach(template -> paths.add(template.replaceAll("\\{[^}]*}", "1")));
        List<String> forged = forged();
        SoftAssertions softly = new SoftAssertions();
        for (String path : paths) {
            for (String method : METHODS) {
                Answer answer = call(method, path, Caller.NOBODY);
                softly.assertThat(answer.status()).as("%s %s", method, path).isEqualTo(401);
                softly.assertThat(answer.challenge()).as("%s %s", method, path).startsWith(scheme());
                if (!method.equals("HEAD")) {
                    softly.assertThat(answer.body())
                            .as("%s %s", method, path)
                            .contains("urn:reflux:problem:unauthorized");
                }
            }
            for (String value : forged) {
                Answer answer = call("GET", path, Optional.of(value));
                softly.assertThat(answer.status())
                        .as("GET %s with %s", path, value)
                        .isEqualTo(401);
                softly.assertThat(answer.body())
                        .as("GET %s with %s", path, value)
                        .contains("urn:reflux:problem:unauthorized");
            }
        }
        softly.assertAll();
    }

    @Test
    void pagesAreForEveryReaderAndMetricsForThoseOfAllFeeds() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        for (String page : PAGES) {
            int there = page.contains("no") ? 404 : 200;
            softly.assertThat(call("GET", page, Caller.STRANGER).status())
                    .as(page)
                    .isEqualTo(403);
            for (Caller caller : List.of(Caller.READER, Caller.OPERATOR, Caller.OWN_READER, Caller.OWN_OPERATOR)) {
                softly.assertThat(call("GET", page, caller).status())
                        .as("%s by %s", page, caller)
                        .isEqualTo(there);
            }
        }
        softly.assertThat(call("GET", "/q/metrics", Caller.READER).status()).isEqualTo(200);
        softly.assertThat(call("GET", "/q/metrics", Caller.OPERATOR).status()).isEqualTo(200);
        softly.assertThat(call("GET", "/q/metrics", Caller.OWN_READER).status()).isEqualTo(403);
        softly.assertThat(call("GET", "/q/metrics", Caller.OWN_OPERATOR).status())
                .isEqualTo(403);
        softly.assertAll();
    }

    @Test
    void refusalsSayWhatABrowserMustNotDo() throws Exception {
        for (String path : List.of("/", "/api/v1/feeds", "/q/metrics", "/no/such/page")) {
            assertHardened(send("GET", path, authorization(Caller.NOBODY)), 401);
            assertHardened(send("GET", path, Optional.of(forged().get(0))), 401);
            assertHardened(send("GET", path, authorization(Caller.STRANGER)), 403);
        }
        assertHardened(send("POST", "/api/v1/feeds/mine/rounds", authorization(Caller.OWN_READER)), 403);
    }

    private static void assertHardened(HttpResponse<InputStream> response, int status) throws IOException {
        response.body().close();
        assertThat(response.statusCode()).as("%s", response.uri()).isEqualTo(status);
        for (String header : ApiFeeds.HARDENING) {
            assertThat(response.headers().allValues(header))
                    .as("%s of %s", header, response.uri())
                    .hasSize(1);
        }
    }

    @Test
    void healthIsOpenBecauseWhatAsksForItHasNoName() throws Exception {
        for (String check : List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/health/started")) {
            assertThat(call("GET", check, Caller.NOBODY).status()).as(check).isEqualTo(200);
        }
        assertThat(call("GET", "/q/health/../metrics", Caller.NOBODY).status()).isEqualTo(401);
        assertThat(call("GET", "/q/health/%2e%2e/metrics", Caller.NOBODY).status())
                .isEqualTo(401);
        assertThat(call("GET", "/q/healthy", Caller.NOBODY).status()).isEqualTo(401);
    }

    @Test
    void callersAreToldWhoTheyAreAndWhatTheyMay() throws Exception {
        told(Caller.READER, List.of("reader"), true, List.of(), false, List.of());
        told(Caller.OPERATOR, List.of("operator"), true, List.of(), true, List.of());
        told(Caller.OWN_READER, List.of("reader:mine"), false, List.of("mine"), false, List.of());
        told(Caller.OWN_OPERATOR, List.of("operator:mine"), false, List.of("mine"), false, List.of("mine"));
        told(
                Caller.GUEST,
                List.of("operator:mine", "reader:other"),
                false,
                List.of("mine", "other"),
                false,
                List.of("mine"));
    }

    private void told(
            Caller caller,
            List<String> roles,
            boolean readsAll,
            List<String> read,
            boolean operatesAll,
            List<String> operated)
            throws Exception {
        given().header("Authorization", authorization(caller).orElseThrow())
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("name", equalTo(caller.name().toLowerCase(Locale.ROOT)))
                .body("security", equalTo(mode()))
                .body("roles", equalTo(roles))
                .body("reads.all", equalTo(readsAll))
                .body("reads.feeds", equalTo(read))
                .body("operates.all", equalTo(operatesAll))
                .body("operates.feeds", equalTo(operated));
    }

    @Test
    void listsAndEventsLeaveOutTheFeedsOfOthers() throws Exception {
        produce("mine");
        produce("other");

        assertThat(feedsOf(call("GET", "/api/v1/feeds", Caller.OWN_READER).body()))
                .containsExactly("mine");
        assertThat(feedsOf(call("GET", "/api/v1/feeds", Caller.READER).body())).contains("mine", "other");
        assertThat(call("GET", "/api/v1/events?feed=other", Caller.OWN_READER).status())
                .isEqualTo(403);
        int before = images("mine");
        HttpResponse<InputStream> events = send("GET", "/api/v1/events", authorization(Caller.OWN_READER));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            produce("other");
            produce("mine");
            String line = lines.readLine();
            while (line != null && !line.contains("\"images\":" + (before + 1))) {
                assertThat(line).doesNotContain("other", "quiet");
                line = lines.readLine();
            }
            assertThat(line).contains("\"feed\":\"mine\"");
        }
    }

    /** One image, counted when it returns. */
    private void produce(String feed) throws Exception {
        int before = images(feed);
        feeds.send(List.of(feeds.image(feed, "class-0", 1, ApiFeeds.pixels(1))));
        await().atMost(ApiFeeds.BOUND).until(() -> images(feed) > before);
    }

    private int images(String feed) throws Exception {
        return new ObjectMapper()
                .readTree(call("GET", "/api/v1/feeds/" + feed, Caller.READER).body())
                .at("/in/images")
                .asInt();
    }

    @Test
    void whatIsAskedIsInTheAuditLogWhateverBecameOfIt() throws Exception {
        produce("mine");

        assertThat(call("POST", "/api/v1/feeds/mine/rounds", Caller.OWN_OPERATOR)
                        .status())
                .isEqualTo(202);
        assertThat(audit.next())
                .isEqualTo("who=own_operator from=127.0.0.1 action=\"POST /api/v1/feeds/mine/rounds\" feed=mine"
                        + " outcome=done status=202");
        call("DELETE", "/api/v1/feeds/mine?confirm=mine", Caller.READER);
        assertThat(audit.next())
                .isEqualTo("who=reader from=127.0.0.1 action=\"DELETE /api/v1/feeds/mine?confirm=mine\" feed=mine"
                        + " outcome=refused status=403");
        call("PUT", "/api/v1/feeds/mine/generations/1/pin", Caller.NOBODY);
        assertThat(audit.next()).startsWith("who=- from=127.0.0.1 ").endsWith(" feed=mine outcome=refused status=401");
        call("POST", "/api/v1/feeds/a%0Awho=root%20%22/rounds", Caller.OPERATOR);
        assertThat(audit.next())
                .startsWith("who=operator from=127.0.0.1 action=\"POST /api/v1/feeds/a%0Awho=root%20%22/rounds\" ")
                .endsWith(" feed=\"a\\u000awho=root \\\"\" outcome=refused status=404");
        call("GET", "/api/v1/feeds/mine", Caller.OPERATOR);
        assertThat(audit.count()).as("reading is not audited").isEqualTo(4);
    }

    private static List<String> feedsOf(String list) throws IOException {
        List<String> names = new ArrayList<>();
        new ObjectMapper()
                .readTree(list)
                .forEach(feed -> names.add(feed.get("feed").asText()));
        return names;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.properties().forEach(entry -> names.add(entry.getKey()));
        return names;
    }

    Answer call(String method, String path, Caller caller) throws Exception {
        return call(method, path, authorization(caller));
    }

    private Answer call(String method, String path, Optional<String> authorization) throws Exception {
        HttpResponse<InputStream> response = send(method, path, authorization);
        try (InputStream body = response.body()) {
            String type = response.headers().firstValue("Content-Type").orElse("");
            boolean endless = type.startsWith("text/event-stream");
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("WWW-Authenticate").orElse(""),
                    type,
                    endless ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private HttpResponse<InputStream> send(String method, String path, Optional<String> authorization)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.resolve("/") + path.substring(1)))
                .method(method, BodyPublishers.noBody());
        authorization.ifPresent(value -> request.header("Authorization", value));
        return client.send(request.build(), BodyHandlers.ofInputStream());
    }
}
