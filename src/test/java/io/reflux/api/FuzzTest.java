package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Requests of all kinds that nobody should send, over plain sockets, because clients of HTTP refuse to write most of
 * them: none is answered by an error of the service, and every error is a problem document.
 */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class FuzzTest extends ApiTest {
    private static final long SEED = 20_260_131;
    private static final int REQUESTS = 2_000;
    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE", "get");

    private static final List<String> NAMES = List.of(
            "/",
            "/api/v1/feeds",
            "/api/v1/events",
            "/q/openapi",
            "/q/metrics",
            "/q/health",
            "/q/swagger-ui",
            "/index.html");

    private static final List<String> PARTS = List.of(
            "fuzzed",
            "quiet",
            "current",
            "1",
            "0",
            "-1",
            "99999999999999999999",
            "rounds",
            "generations",
            "images",
            "sample",
            "erasures",
            "settings",
            "reset",
            "set",
            "pin",
            "rollback",
            "loss",
            "",
            ".",
            "..",
            "%2e%2e",
            "%2F",
            "%00",
            "%c3%28",
            "%ff",
            "a;b=c",
            "a+b",
            "ä",
            "%F0%9F%92%A9",
            "'",
            "*",
            "a%0d%0ab",
            "NaN",
            "class-0",
            "x".repeat(1_000));

    /** Of no URI. */
    private static final List<String> NO_PARTS = List.of("%zz", "%", "\"", "<script>", "{feed}", "x".repeat(5_000));

    /** What there is. */
    private static final List<String> RESOURCES = List.of(
            "",
            "/images",
            "/images?label=a",
            "/images?label=a&shape=1,2,3",
            "/rounds",
            "/rounds/current",
            "/rounds/current/loss",
            "/generations",
            "/generations/current",
            "/generations/1/set",
            "/generations/1/images/0",
            "/generations/1/pin",
            "/generations/1/rollback",
            "/sample",
            "/sample/class-0/x",
            "/settings",
            "/erasures",
            "/reset");

    private static final List<String> IMAGE_TYPES =
            List.of("image/png", "image/jpeg", "application/octet-stream", "application/x-npy", "application/zip");

    private static final List<String> UPLOADED_TYPES =
            List.of("image/png", "image/png", "application/zip", "application/zip", "image/jpeg", "image/gif");

    private static final List<String> CONDITIONS = List.of(
            "Range: bytes=99999999-",
            "Range: bytes=5-",
            "If-Match: \"another\"",
            "If-Match: *",
            "If-None-Match: *",
            "If-None-Match: \"another\"",
            "Accept: application/json",
            "Accept: image/*;q=0.1, application/zip;q=nonsense");

    /** For one image. */
    private static final int TOO_LARGE = 1_000_001;

    private static final List<String> PARAMETERS = List.of(
            "limit",
            "format",
            "label",
            "shape",
            "confirm",
            "identity",
            "at",
            "device",
            "until",
            "feed",
            "summaries",
            "%00",
            "");

    private static final List<String> HEADERS = List.of(
            "Accept",
            "Content-Type",
            "Range",
            "If-Range",
            "If-None-Match",
            "If-Match",
            "If-Modified-Since",
            "Accept-Encoding",
            "Accept-Language",
            "ce-source",
            "ce-id",
            "ce-time",
            "Cookie",
            "Authorization",
            "X-Forwarded-For",
            "Expect",
            "Origin",
            "Sec-Fetch-Site",
            "Content-Encoding",
            "X-HTTP-Method-Override",
            "Last-Event-ID",
            "traceparent");

    private static final List<String> VALUES = List.of(
            "",
            "*/*",
            "application/json",
            "image/png",
            "text/event-stream",
            "application/zip",
            "application/octet-stream",
            "a/b/c",
            ";;;",
            "q=2",
            "*",
            "bytes=0-",
            "bytes=9-1",
            "bytes=-0",
            "bytes=0-99999999999999999999999",
            "bytes=a-b",
            "\"\"",
            "W/\"x\"",
            "\"unterminated",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "yesterday",
            "2026-01-31T12:00:00Z",
            "gzip;q=0",
            "zz-ZZ;q=1.5",
            "Basic ====",
            "Bearer ",
            "100-continue",
            "null",
            "same-origin",
            "application/json; charset=nope",
            "image/png; charset=\"",
            "text/plain;=",
            "é",
            "-1",
            "x".repeat(5_000));

    @TestHTTPResource("/")
    URI address;

    private final Random random = new Random(SEED);
    private final ObjectMapper json = new ObjectMapper();
    private final TreeMap<Integer, Integer> statuses = new TreeMap<>();

    @Test
    void nothingThatIsSentIsAnsweredByAnErrorOfTheService() throws Exception {
        feeds.produce("fuzzed", 30);
        feeds.publish("fuzzed");
        List<String> complaints = new ArrayList<>();

        for (int i = 0; i < REQUESTS; i++) {
            byte[] request = request();
            RawHttp.Answer answer = RawHttp.ask(address, request);
            statuses.merge(answer.status(), 1, Integer::sum);
            complaint(answer, new String(request, StandardCharsets.UTF_8)).ifPresent(complaints::add);
        }

        assertThat(complaints)
                .as("of %s by status %s, seed %d", REQUESTS, statuses, SEED)
                .isEmpty();
        assertThat(statuses.keySet())
                .as("all kinds were met")
                .contains(200, 202, 304, 400, 403, 404, 405, 406, 412, 413, 414, 415, 416, 422);
        given().get("/q/health/live").then().statusCode(200);
        given().get("/api/v1/feeds/fuzzed").then().statusCode(200);
    }

    private Optional<String> complaint(RawHttp.Answer answer, String request) {
        String shown = request.length() > 600 ? request.substring(0, 600) + "…" : request;
        if (answer.status() >= 500 || answer.status() < 100) {
            return Optional.of(answer.status() + " for " + shown + "\n" + answer.body());
        }
        if (answer.status() < 400 || answer.ofHead() || isOfTheParser(answer, request)) {
            return Optional.empty();
        }
        try {
            JsonNode problem = json.readTree(answer.body());
            boolean fits = answer.contentType().equals("application/problem+json")
                    && problem.path("type").asText().startsWith("urn:reflux:problem:")
                    && problem.path("status").asInt() == answer.status()
                    && !problem.path("detail").asText().isEmpty();
            return fits ? Optional.empty() : Optional.of("no problem document: " + answer + " for " + shown);
        } catch (JsonProcessingException e) {
            return Optional.of("no JSON: " + answer + " for " + shown);
        }
    }

    /** What is no URI does not even reach the application. */
    private static boolean isOfTheParser(RawHttp.Answer answer, String request) {
        try {
            new URI(request.split(" ", 3)[1]);
            return false;
        } catch (URISyntaxException e) {
            return answer.status() == 400 && answer.body().isEmpty();
        }
    }

    private byte[] request() throws IOException {
        return switch (random.nextInt(12)) {
            case 0 -> upload();
            case 1 -> download();
            default -> any();
        };
    }

    /** Nearly what a device sends, so that what comes of it is not always the same refusal. */
    private byte[] upload() throws IOException {
        byte[] body =
                switch (random.nextInt(8)) {
                    case 0 -> new byte[TOO_LARGE];
                    case 1, 2 -> body();
                    case 3, 4 ->
                        Archives.zip(Map.of("a/" + random.nextInt(9) + ".png", image(), "a/no.png", new byte[9]));
                    default -> image();
                };
        String type = body.length == TOO_LARGE ? "image/png" : pick(UPLOADED_TYPES);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(head(
                "POST", "/images?label=a", "Content-Length: " + body.length + "\r\nContent-Type: " + type + "\r\n"));
        request.write(body);
        return request.toByteArray();
    }

    private byte[] download() {
        return head("GET", "/generations/current/set", pick(CONDITIONS) + "\r\n");
    }

    private byte[] head(String method, String resource, String headers) {
        return (method + " /api/v1/feeds/fuzzed" + resource + " HTTP/1.1\r\nHost: " + address.getAuthority()
                        + "\r\nConnection: close\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] image() {
        return Png.encode(new ImageShape(1, 2, 3), ApiFeeds.pixels(random.nextInt()));
    }

    private byte[] any() throws IOException {
        String method = pick(METHODS);
        String path = path();
        StringBuilder head = new StringBuilder(method)
                .append(' ')
                .append(path)
                .append(query(path.contains("?")))
                .append(" HTTP/1.1\r\n");
        head.append("Host: ").append(address.getAuthority()).append("\r\nConnection: close\r\n");
        byte[] body = random.nextInt(3) == 0 ? new byte[0] : body();
        boolean chunked = body.length > 0 && random.nextInt(4) == 0;
        head.append(chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + body.length + "\r\n");
        if (path.contains("images") && random.nextInt(3) > 0) {
            head.append("Content-Type: ").append(pick(IMAGE_TYPES)).append("\r\n");
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            head.append(pick(HEADERS)).append(": ").append(pick(VALUES)).append("\r\n");
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        if (chunked) {
            request.write((Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            request.write(body);
            request.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            request.write(body);
        }
        return request.toByteArray();
    }

    private String path() {
        int kind = random.nextInt(12);
        if (kind == 0) {
            return pick(NAMES);
        }
        if (kind < 5) {
            return "/api/v1/feeds/fuzzed" + pick(RESOURCES);
        }
        StringBuilder path =
                new StringBuilder("/api/v1/feeds/").append(random.nextInt(2) == 0 ? "fuzzed" : pick(PARTS));
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append('/').append(part());
        }
        return path.toString();
    }

    private String part() {
        return random.nextInt(20) == 0 ? pick(NO_PARTS) : pick(PARTS);
    }

    /** Never confirms, so that the feed stands until the end. */
    private String query(boolean asked) {
        if (random.nextInt(2) == 0) {
            return "";
        }
        StringBuilder query = new StringBuilder(asked ? "&" : "?");
        for (int i = random.nextInt(4); i >= 0; i--) {
            String value = random.nextInt(2) == 0
                    ? part()
                    : pick(VALUES).replace(' ', '+').replace('"', '\'');
            query.append(pick(PARAMETERS))
                    .append('=')
                    .append(value.equals("fuzzed") ? "fuzzy" : value)
                    .append('&');
        }
        return query.toString();
    }

    private byte[] body() {
        byte[] body =
                switch (random.nextInt(4)) {
                    case 0 -> image();
                    case 1 -> "{\"feed\":[[[[".getBytes(StandardCharsets.UTF_8);
                    case 2 ->
                        new byte[] {
                            'P', 'K', 3, 4, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 4, 0, 0,
                            0
                        };
                    default -> new byte[random.nextInt(3_000)];
                };
        for (int i = random.nextInt(4); i > 0 && body.length > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt();
        }
        return body;
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
