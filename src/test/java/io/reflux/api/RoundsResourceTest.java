package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ApiProfile.class)
final class RoundsResourceTest extends ApiTest {
    @Test
    void remembersRoundsNewestFirstWithWhatBecameOfThem() {
        feeds.produce("past", 30);
        feeds.publish("past");
        String first = given().get("/api/v1/feeds/past/rounds").path("[0].round");
        engine.accuracy = 0.4;
        String second =
                given().post("/api/v1/feeds/past/rounds").then().extract().path("round");

        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/past/rounds")
                .then()
                .statusCode(200)
                .body("round", contains(second, first))
                .body("state", contains("refused", "finished")));
        given().get("/api/v1/feeds/past/rounds/" + first)
                .then()
                .statusCode(200)
                .body("trigger", equalTo("request"))
                .body("images", equalTo(30))
                .body("generation", equalTo(1))
                .body("accuracy.distilled.mean", equalTo(0.8f))
                .body("seconds", hasKey("distilling"))
                .body("requested", notNullValue())
                .body("ended", notNullValue())
                .body("origin.offsets.values().sum()", greaterThanOrEqualTo(30))
                .body("origin.seed", equalTo(1))
                .body("origin.version", notNullValue())
                .body("origin.configuration.'reflux.distillation.images-per-class'", equalTo("1"))
                .body("origin.configuration.'reflux.sample.per-class'", notNullValue());
        String manifest = "/api/v1/feeds/past/generations/1";
        given().get("/api/v1/feeds/past/rounds/" + first)
                .then()
                .body("origin.offsets", equalTo(given().get(manifest).path("offsets")))
                .body("origin.configuration", equalTo(given().get(manifest).path("configuration")));
        given().get("/api/v1/feeds/past/rounds/" + second)
                .then()
                .body("reason", notNullValue())
                .body("accuracy.distilled.mean", equalTo(0.4f))
                .body("origin.configuration", aMapWithSize(greaterThan(20)));
        given().get("/api/v1/feeds/past/rounds")
                .then()
                .body("origin.seed", contains(1, 1))
                .body("[0].origin", not(hasKey("configuration")));
        given().get("/api/v1/feeds/past/rounds?limit=1").then().body("round", contains(second));
        given().get("/api/v1/feeds/past/rounds/current/loss")
                .then()
                .statusCode(200)
                .body("[0].iteration", notNullValue());
    }

    @Test
    void namesWhatThereIsNot() {
        feeds.produce("roundless", 4);

        ApiFeeds.problem(given().get("/api/v1/feeds/roundless/rounds/nope"), 404, "no round 'nope'");
        ApiFeeds.problem(given().get("/api/v1/feeds/roundless/rounds?limit=0"), 400, "limit is '0'");
        ApiFeeds.problem(given().get("/api/v1/feeds/roundless/rounds?limit=x"), 400, "limit is 'x'");
        ApiFeeds.problem(given().get("/api/v1/feeds/nobody/rounds"), 404, "'nobody'");
    }
}
