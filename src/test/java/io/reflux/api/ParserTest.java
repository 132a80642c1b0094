package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before anything is asked of the service, over plain sockets. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class ParserTest {
    private static final String LINE = "GET /api/v1/feeds HTTP/1.1";

    @TestHTTPResource("/")
    URI address;

    @Test
    void aUriMayBeAsLongAsIsSaidAndNotLonger() throws IOException {
        String path = "/api/v1/feeds?a=";
        String longest = path + "x".repeat(8_192 - path.length());

        assertThat(ask("GET " + longest + " HTTP/1.1", "").status()).isEqualTo(200);
        problem(ask("GET " + longest + "x HTTP/1.1", ""), 414, "has 8193 characters and may have 8192");
        problem(ask("GET " + path + "x".repeat(60_000) + " HTTP/1.1", ""), 414, "may have 8192");
        problem(ask("POST /api/v1/feeds/" + "x".repeat(60_000) + "/rounds HTTP/1.1", ""), 414, "may have 8192");
    }

    @Test
    void aLongPathIsNoLabelOfMetrics() throws IOException {
        problem(ask("GET /unheard-of/" + "x".repeat(9_000) + " HTTP/1.1", ""), 414, "may have 8192");
        assertThat(ask("GET /unheard-of/" + "x".repeat(2_000) + " HTTP/1.1", "").status())
                .isEqualTo(404);

        assertThat(ask("GET /q/metrics HTTP/1.1", "").body())
                .contains("http_server_requests")
                .doesNotContain("x".repeat(1_000));
    }

    @Test
    void headersMayBeAsLargeAsIsSaidAndNotLarger() throws IOException {
        assertThat(ask(LINE, "X: " + "x".repeat(20_000) + "\r\n").status()).isEqualTo(200);
        problem(ask(LINE, "X: " + "x".repeat(20_480) + "\r\n"), 431, "may have 20480");
        problem(ask(LINE, ("X: " + "x".repeat(1_000) + "\r\n").repeat(150)), 431, "may have 20480");
    }

    @Test
    void metricsAreRefusedInAFormThatTheyAreNotWrittenIn() throws IOException {
        problem(ask("GET /q/metrics HTTP/1.1", "Accept: image/png\r\n"), 406, "text/plain");
        for (String accepted : new String[] {
            "",
            "Accept: */*\r\n",
            "Accept: text/plain\r\n",
            "Accept: text/*;q=0.5\r\n",
            "Accept: application/openmetrics-text;version=1.0.0;charset=utf-8\r\n",
            "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n"
        }) {
            assertThat(ask("GET /q/metrics HTTP/1.1", accepted).status())
                    .as(accepted)
                    .isEqualTo(200);
        }
    }

    @Test
    void resourcesAreRefusedInAFormThatTheyAreNotWrittenIn() throws IOException {
        problem(ask(LINE, "Accept: image/png\r\n"), 406, "");
    }

    /** As docs/api.md says. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%zz HTTP/1.1",
                "GET /\" HTTP/1.1",
                "GET / HTTP/x.y",
                "GET / HTTP/1.1\r\nbad name: x",
            })
    void whatIsNoHttpAndNoUriIsAnsweredByAStatusAlone(String line) throws IOException {
        RawHttp.Answer answer = ask(line, "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void whatIsEightTimesTooLongIsAnsweredByAStatusAlone() throws IOException {
        RawHttp.Answer uri = ask("GET /" + "x".repeat(70_000) + " HTTP/1.1", "");
        RawHttp.Answer head = ask(LINE, ("X: " + "x".repeat(1_000) + "\r\n").repeat(200));

        assertThat(uri.status()).isEqualTo(414);
        assertThat(head.status()).isEqualTo(431);
        assertThat(uri.body() + head.body()).isEmpty();
    }

    private RawHttp.Answer ask(String line, String headers) throws IOException {
        String request = line + "\r\nHost: " + address.getAuthority() + "\r\nConnection: close\r\n" + headers + "\r\n";
        return RawHttp.ask(address, request.getBytes(StandardCharsets.US_ASCII));
    }

    private static void problem(RawHttp.Answer answer, int status, String detail) throws IOException {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("type").asText()).startsWith("urn:reflux:problem:");
        assertThat(problem.path("detail").asText()).contains(detail).isNotEmpty();
    }
}
