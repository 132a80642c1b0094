package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser can be made to do, and what it is told not to. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class BrowsersTest extends ApiTest {
    @TestHTTPResource("/")
    URI address;

    @Test
    void pagesOfOtherSitesChangeNothing() {
        feeds.produce("guarded", 4);
        String own = "http://" + address.getAuthority();

        for (Map<String, String> headers : java.util.List.of(
                Map.of("Sec-Fetch-Site", "cross-site"),
                Map.of("Sec-Fetch-Site", "same-site"),
                Map.of("Sec-Fetch-Site", "cross-site", "Origin", own),
                Map.of("Origin", "https://evil.example"),
                Map.of("Origin", "null"),
                Map.of("Origin", "http://" + address.getHost() + ":1"),
                Map.of("Origin", "not a site"))) {
            ApiFeeds.problem(given().headers(headers).post("/api/v1/feeds/guarded/rounds"), 403, "another site");
            ApiFeeds.problem(
                    given().headers(headers).delete("/api/v1/feeds/guarded?confirm=guarded"), 403, "another site");
            given().headers(headers).get("/api/v1/feeds/guarded").then().statusCode(200);
        }

        given().get("/api/v1/feeds/guarded").then().body("current", nullValue()).body("last", nullValue());
        given().headers("Sec-Fetch-Site", "same-origin", "Origin", own)
                .post("/api/v1/feeds/guarded/rounds")
                .then()
                .statusCode(202);
        given().header("Origin", own)
                .post("/api/v1/feeds/guarded/rounds")
                .then()
                .statusCode(202);
        given().post("/api/v1/feeds/guarded/rounds").then().statusCode(202);

        // the next test has the engine to itself
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/guarded")
                .then()
                .body("current", nullValue())
                .body("last", notNullValue()));
    }

    @Test
    void aNameThatAPageHadResolvedToThisMachineIsNoneOfOurs() {
        ApiFeeds.problem(given().header("Host", "evil.example").get("/api/v1/feeds"), 421, "evil.example");
        ApiFeeds.problem(given().header("Host", "evil.example:8080").get("/"), 421, "reflux.security.hosts");
        for (String host : new String[] {"localhost", "localhost:" + address.getPort(), "127.0.0.1:1", "[::1]:8080"}) {
            given().header("Host", host).get("/api/v1/feeds").then().statusCode(200);
        }
    }

    @Test
    void noOtherOriginIsAllowedToRead() {
        given().header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .options("/api/v1/feeds/any/rounds")
                .then()
                .header("Access-Control-Allow-Origin", nullValue())
                .header("Access-Control-Allow-Methods", nullValue());
        given().header("Origin", "https://evil.example")
                .get("/api/v1/feeds")
                .then()
                .header("Access-Control-Allow-Origin", nullValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/dashboard.js",
                "/api/v1/feeds",
                "/api/v1/feeds/nobody",
                "/q/openapi",
                "/q/metrics",
                "/q/health",
                "/q/swagger-ui/",
                "/no/such/page"
            })
    void everyAnswerSaysWhatABrowserMustNotDo(String path) {
        ValidatableResponse response = given().get(path)
                .then()
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("X-Frame-Options", "DENY")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .header("Cross-Origin-Opener-Policy", "same-origin")
                .header("Content-Security-Policy", containsString("frame-ancestors 'none'"));
        String policy = response.extract().header("Content-Security-Policy");
        assertThat(policy.contains("'unsafe-inline'")).isEqualTo(path.startsWith("/q/swagger-ui"));
        assertThat(policy.startsWith("default-src 'none'"))
                .isEqualTo(path.startsWith("/api")
                        || path.startsWith("/q/") && !path.contains("swagger")
                        || path.startsWith("/no"));
    }

    @Test
    void swaggerUiOffersBothWaysToSayWhoOneIs() {
        given().get("/q/openapi?format=json")
                .then()
                .body("components.securitySchemes.basic.scheme", equalTo("basic"))
                .body("components.securitySchemes.bearer.scheme", equalTo("bearer"))
                .body("security.size()", equalTo(3));
    }

    @Test
    void credentialsAreNotEvenLookedAtWhereNobodyHasToSayWhoTheyAre() {
        given().header("Authorization", "Basic bm9ib2R5OnBhc3N3b3Jk")
                .get("/api/v1/feeds")
                .then()
                .statusCode(200);
        given().header("Authorization", "Bearer nonsense")
                .get("/api/v1/feeds")
                .then()
                .statusCode(200);
    }
}
