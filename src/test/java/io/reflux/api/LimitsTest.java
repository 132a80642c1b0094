package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How large a call may be. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class LimitsTest {
    @TestHTTPResource("/")
    URI address;

    @Test
    void aCallThatSaysItIsTooLargeIsRefusedBeforeItIsSent() throws Exception {
        String head = "POST /api/v1/feeds/f/images HTTP/1.1\r\nHost: " + address.getAuthority()
                + "\r\nContent-Type: application/zip\r\nContent-Length: 70000000\r\n\r\n";

        RawHttp.Answer answer = RawHttp.ask(address, head.getBytes(StandardCharsets.US_ASCII));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("67108864 bytes", "quarkus.http.limits.max-body-size");
    }

    @Test
    void anImageThatFitsIntoNoRecordIsRefused() {
        ApiFeeds.problem(
                given().contentType("image/png").body(new byte[1_000_001]).post("/api/v1/feeds/f/images?label=a"),
                413,
                "more than the 1000000 bytes");
        ApiFeeds.problem(
                given().contentType("image/png").body(new byte[1_000_000]).post("/api/v1/feeds/f/images?label=a"),
                422,
                "");
    }
}
