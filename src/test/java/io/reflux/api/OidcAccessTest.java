package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OidcProfile.class)
final class OidcAccessTest extends AccessTest {
    @ConfigProperty(name = "quarkus.oidc.auth-server-url")
    String issuer;

    @Override
    Optional<String> authorization(Caller caller) throws Exception {
        return caller.isKnown()
                ? Optional.of(TokenIssuer.authorization(issuer, caller, "seconds=500"))
                : Optional.empty();
    }

    @Override
    List<String> forged() throws Exception {
        return List.of(
                TokenIssuer.authorization(issuer, Caller.OPERATOR, "flaw=expired"),
                TokenIssuer.authorization(issuer, Caller.OPERATOR, "flaw=issuer"),
                TokenIssuer.authorization(issuer, Caller.OPERATOR, "flaw=key"),
                "Bearer nonsense",
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString("operator:operator".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Override
    String scheme() {
        return "Bearer";
    }

    @Override
    String mode() {
        return "oidc";
    }

    @Test
    void eventsEndWhenTheTokenIsRefusedAndNotBefore() throws Exception {
        long before = Instant.now().getEpochSecond();
        String shortLived = TokenIssuer.authorization(issuer, Caller.READER, "seconds=2");

        CompletableFuture<List<String>> ended = CompletableFuture.supplyAsync(() -> events(shortLived));
        List<String> lines = ended.get(ApiFeeds.BOUND.toSeconds(), TimeUnit.SECONDS);

        assertThat(refused(shortLived))
                .as("a client that connects again is told")
                .isTrue();
        assertThat(Instant.now().getEpochSecond()).isGreaterThanOrEqualTo(before + 2 + OidcProfile.GRACE_SECONDS);
        assertThat(lines).contains("event:summary").endsWith("event:expired", lines.get(lines.size() - 1));
        assertThat(lines.get(lines.size() - 1)).startsWith("data:{\"time\":\"");
        assertThat(refused(authorization(Caller.READER).orElseThrow()))
                .as("another token of the same user")
                .isFalse();
    }

    @Test
    void callersAreToldWhenTheirTokenExpires() throws Exception {
        Instant now = Instant.now();
        String until = given().header(
                        "Authorization", authorization(Caller.READER).orElseThrow())
                .get("/api/v1/me")
                .path("until");

        assertThat(Instant.parse(until)).isBetween(now.plusSeconds(450), now.plusSeconds(600));
    }

    /** All lines of a stream of events until the service ends it. */
    private List<String> events(String authorization) {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/v1/events"))
                .header("Authorization", authorization)
                .build();
        try (Stream<String> lines =
                HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body()) {
            return lines.filter(line -> !line.isEmpty()).toList();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean refused(String authorization) {
        return given().header("Authorization", authorization)
                        .get("/api/v1/feeds")
                        .statusCode()
                == 401;
    }
}
