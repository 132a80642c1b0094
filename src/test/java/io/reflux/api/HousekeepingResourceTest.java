package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the commands of housekeeping do, over HTTP. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class HousekeepingResourceTest extends ApiTest {
    @Test
    void pinsAGenerationGoesBackToItAndLetsItGo() {
        feeds.produce("kept", 30);
        for (int generation = 1; generation <= 2; generation++) {
            given().post("/api/v1/feeds/kept/rounds").then().statusCode(202);
            feeds.awaitGeneration("kept", generation);
        }

        given().put("/api/v1/feeds/kept/generations/1/pin")
                .then()
                .statusCode(200)
                .body("feed", equalTo("kept"))
                .body("generation", equalTo(1))
                .body("state", equalTo("pinned"));
        awaitPinned(Map.of(2, false, 1, true));
        ApiFeeds.problem(
                given().post("/api/v1/feeds/kept/generations/1/rollback"), 400, "add confirm=kept to the query");
        ApiFeeds.problem(given().post("/api/v1/feeds/kept/generations/1/rollback?confirm=other"), 400, "confirm=kept");
        given().get("/api/v1/feeds/kept").then().body("generation.generation", equalTo(2));
        given().post("/api/v1/feeds/kept/generations/1/rollback?confirm=kept")
                .then()
                .statusCode(200)
                .body("state", equalTo("rolled-back"));
        feeds.awaitGeneration("kept", 1);
        ApiFeeds.problem(
                given().post("/api/v1/feeds/kept/generations/1/rollback?confirm=kept"), 409, "the current one already");
        given().delete("/api/v1/feeds/kept/generations/1/pin")
                .then()
                .statusCode(200)
                .body("state", equalTo("unpinned"));
        awaitPinned(Map.of(2, false, 1, false));
        ApiFeeds.problem(given().put("/api/v1/feeds/kept/generations/9/pin"), 404, "no generation '9'");
        ApiFeeds.problem(given().delete("/api/v1/feeds/nobody/generations/9/pin"), 404, "no feed 'nobody'");
    }

    private static void awaitPinned(Map<Integer, Boolean> wanted) {
        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(
                        () -> wanted.forEach((generation, pinned) -> given().get("/api/v1/feeds/kept/generations")
                                .then()
                                .body("find { it.generation == " + generation + " }.pinned", equalTo(pinned))));
    }

    @Test
    void erasesAnImageAndADeviceAndTakesItBack() {
        feeds.produce("erasing", 4);
        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(
                        () -> given().get("/api/v1/feeds/erasing/sample").then().body("class-0", hasSize(2)));
        // the newest comes first, and the older one is the one to erase
        String identity = given().get("/api/v1/feeds/erasing/sample").path("class-0[1]");

        ApiFeeds.problem(
                given().queryParam("identity", identity).post("/api/v1/feeds/erasing/erasures"),
                400,
                "takes image " + identity + " out of feed 'erasing' for good");
        given().queryParam("identity", identity)
                .queryParam("confirm", "erasing")
                .post("/api/v1/feeds/erasing/erasures")
                .then()
                .statusCode(200)
                .body("kind", equalTo("image"))
                .body("name", equalTo(identity))
                .body("until", nullValue())
                .body("time", notNullValue());
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/erasing/sample")
                .then()
                .body("class-0", not(hasItem(identity)))
                .body("class-0", hasSize(1)));

        given().queryParam("device", "/test/erasing")
                .queryParam("until", "1970-01-01T00:00:01Z")
                .queryParam("confirm", "erasing")
                .post("/api/v1/feeds/erasing/erasures")
                .then()
                .statusCode(200)
                .body("kind", equalTo("device"))
                .body("name", equalTo("%2Ftest%2Ferasing"))
                .body("until", equalTo("1970-01-01T00:00:01Z"));
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/erasing")
                .then()
                .body("sample", equalTo(Map.of("class-0", 1, "class-1", 1))));

        given().queryParam("identity", identity)
                .delete("/api/v1/feeds/erasing/erasures")
                .then()
                .statusCode(200)
                .body("name", equalTo(identity))
                .body("time", nullValue());
        feeds.send(List.of(feeds.image("erasing", "class-2", 7, ApiFeeds.pixels(7))));
        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(
                        () -> given().get("/api/v1/feeds/erasing/sample").then().body("class-2", hasSize(1)));
    }

    @Test
    void erasesAnImageByItsPlaceOnTheTopic() {
        Map<String, Object> place = given().contentType("application/octet-stream")
                .body(ApiFeeds.pixels(1))
                .post("/api/v1/feeds/placed/images?label=a&shape=1,2,3")
                .then()
                .statusCode(202)
                .extract()
                .path("$");
        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(
                        () -> given().get("/api/v1/feeds/placed/sample").then().body("a", hasSize(1)));

        given().queryParam("at", place.get("partition") + ":" + place.get("offset"))
                .queryParam("confirm", "placed")
                .post("/api/v1/feeds/placed/erasures")
                .then()
                .statusCode(200)
                .body("kind", equalTo("image"));

        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/placed").then().body("sample", equalTo(Map.of())));
    }

    @Test
    void saysWhatAnErasureHasToName() {
        feeds.produce("unnamed", 2);
        String erasures = "/api/v1/feeds/unnamed/erasures";

        ApiFeeds.problem(given().post(erasures), 400, "one of identity, at and device");
        ApiFeeds.problem(given().post(erasures + "?device=a&at=1:2"), 400, "one of identity, at and device");
        ApiFeeds.problem(given().post(erasures + "?identity=x"), 400, "identity is 'x', must be e/SOURCE/ID/TIME");
        ApiFeeds.problem(given().post(erasures + "?at=here"), 400, "at is 'here', must be PARTITION:OFFSET");
        ApiFeeds.problem(given().post(erasures + "?device=a&until=soon"), 400, "until is 'soon'");
        ApiFeeds.problem(
                given().post(erasures + "?at=1:2&until=2026-01-01T00:00:00Z"), 400, "must be given with device only");
        ApiFeeds.problem(given().delete(erasures), 400, "one of identity, at and device");
        ApiFeeds.problem(given().post("/api/v1/feeds/nobody/erasures?device=a&confirm=nobody"), 404, "'nobody'");
        given().get("/api/v1/feeds/unnamed/sample").then().body("class-0", hasSize(1));
    }

    @Test
    void resetsAFeedAndKeepsItsGenerations() {
        feeds.produce("again", 30);
        feeds.publish("again");

        ApiFeeds.problem(given().post("/api/v1/feeds/again/reset"), 400, "forgets the sample and the counts");
        given().get("/api/v1/feeds/again").then().body("in.images", equalTo(30));
        given().post("/api/v1/feeds/again/reset?confirm=again")
                .then()
                .statusCode(200)
                .body("feed", equalTo("again"))
                .body("incarnation", notNullValue())
                .body("deleted", equalTo(false));

        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/again")
                .then()
                .statusCode(200)
                .body("in.images", equalTo(0))
                .body("sample", equalTo(Map.of()))
                .body("generation.generation", equalTo(1)));
    }

    @Test
    void deletesAFeedWithItsGenerations() {
        feeds.produce("gone", 30);
        feeds.publish("gone");

        ApiFeeds.problem(given().delete("/api/v1/feeds/gone?confirm=yes"), 400, "add confirm=gone");
        given().get("/api/v1/feeds/gone/generations").then().body("generation", contains(1));
        given().delete("/api/v1/feeds/gone?confirm=gone").then().statusCode(200).body("deleted", equalTo(true));

        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(() -> ApiFeeds.problem(given().get("/api/v1/feeds/gone"), 404, "no feed 'gone'"));
        assertThat(given().get("/api/v1/feeds").asString()).doesNotContain("\"gone\"");
    }
}
