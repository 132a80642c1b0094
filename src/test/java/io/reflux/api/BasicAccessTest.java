package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(BasicProfile.class)
final class BasicAccessTest extends AccessTest {
    private static final int MANY = 200;

    @Override
    Optional<String> authorization(Caller caller) {
        return caller.isKnown() ? Optional.of(BasicProfile.authorization(caller)) : Optional.empty();
    }

    @Override
    List<String> forged() {
        return List.of(
                BasicProfile.authorization("operator", "wrong"),
                BasicProfile.authorization("operator", ""),
                BasicProfile.authorization("nobody-knows-me", BasicProfile.password(Caller.OPERATOR)),
                "Basic ???",
                "Bearer eyJhbGciOiJub25lIn0.eyJncm91cHMiOlsib3BlcmF0b3IiXX0.");
    }

    @Override
    String scheme() {
        return "basic realm=\"Reflux\"";
    }

    @Override
    String mode() {
        return "basic";
    }

    @Test
    void roundsAndUploadsOfOneCallerAreBoundedAndThoseOfOthersAreNot() {
        feeds.send(List.of(feeds.image("rated", "class-0", 1, ApiFeeds.pixels(1))));
        refusedInTheEnd(() -> by(Caller.BUSY).post("/api/v1/feeds/rated/rounds"), "reflux.rates.rounds");
        refusedInTheEnd(
                () -> by(Caller.BUSY)
                        .contentType("image/png")
                        .body(new byte[] {1})
                        .post("/api/v1/feeds/rated/images?label=a"),
                "reflux.rates.uploads");
        refusedInTheEnd(
                () -> by(Caller.BUSY)
                        .contentType("application/zip")
                        .body(new byte[] {1})
                        .post("/api/v1/feeds/rated/images"),
                "reflux.rates.uploads");

        assertThat(by(Caller.OWN_OPERATOR)
                        .contentType("image/png")
                        .body(new byte[] {1})
                        .post("/api/v1/feeds/mine/images?label=a")
                        .statusCode())
                .isEqualTo(422);
    }

    private static void refusedInTheEnd(Supplier<Response> call, String property) {
        for (int i = 0; i < MANY; i++) {
            Response response = call.get();
            if (response.statusCode() == 429) {
                ApiFeeds.problem(response, 429, property);
                assertThat(Integer.parseInt(response.header("Retry-After"))).isBetween(1, 60);
                assertThat(ApiFeeds.HARDENING).allMatch(response.headers()::hasHeaderWithName);
                return;
            }
        }
        throw new AssertionError(MANY + " calls in a row were let through");
    }

    @Test
    void whoMayNotIsToldWhichRoleItTakes() {
        by(Caller.OWN_READER)
                .get("/api/v1/feeds/other")
                .then()
                .statusCode(403)
                .body(
                        "detail",
                        equalTo("this needs one of the roles reader, operator, reader:other and operator:other"));
    }

    private io.restassured.specification.RequestSpecification by(Caller caller) {
        return given().header("Authorization", authorization(caller).orElseThrow());
    }
}
