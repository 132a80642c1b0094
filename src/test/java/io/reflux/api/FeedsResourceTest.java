package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.reflux.distill.DistilledSet;
import io.reflux.format.Npz;
import io.reflux.format.Safetensors;
import io.reflux.image.ImageDecoder;
import io.reflux.wire.Manifest;
import io.reflux.wire.Sha256;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ApiProfile.class)
final class FeedsResourceTest extends ApiTest {
    private static final Duration BOUND = ApiFeeds.BOUND;

    @Test
    void listsConfiguredAndSeenFeeds() {
        feeds.produce("listed", 30);

        given().get("/api/v1/feeds")
                .then()
                .statusCode(200)
                .body("feed", hasItems("quiet", "listed"))
                .body("find { it.feed == 'listed' }.images", equalTo(30));
    }

    @Test
    void tellsEverythingAboutAFeed() {
        feeds.produce("told", 30);
        feeds.publish("told");

        given().get("/api/v1/feeds/told")
                .then()
                .statusCode(200)
                .body("feed", equalTo("told"))
                .body("in.images", equalTo(30))
                .body("in.bytes", equalTo(180))
                .body("sample.values().sum()", equalTo(30))
                .body("sample-time.mean", equalTo("1970-01-01T00:00:14.500Z"))
                .body("sample-time.newest", equalTo("1970-01-01T00:00:29Z"))
                .body("settings.shape", contains(1, 2, 3))
                .body("settings.classes", contains("class-0", "class-1"))
                .body("current", nullValue())
                .body("last.outcome", equalTo("finished"))
                .body("generation.generation", equalTo(1))
                .body("generation.accuracy.distilled.mean", equalTo(0.8f))
                .body("generation.out.images", equalTo(2));
        await().atMost(BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/told").then().body("lag", equalTo(0)));
    }

    @Test
    void countsRejectsByReason() {
        feeds.produce("rejecting", 2);
        feeds.send(List.of(feeds.image("rejecting", "class-0", 7, new byte[] {1})));

        await().atMost(BOUND)
                .untilAsserted(
                        () -> given().get("/api/v1/feeds/rejecting").then().body("rejects.values().sum()", equalTo(1)));
    }

    @Test
    void aRequestedRoundIsAcceptedAndItsSetCanBeDownloadedInEveryFormat() throws Exception {
        feeds.produce("wanted", 30);

        given().post("/api/v1/feeds/wanted/rounds")
                .then()
                .statusCode(202)
                .header("Location", endsWith("/api/v1/feeds/wanted/rounds/current"))
                .body("round.length()", greaterThan(10));
        feeds.awaitGeneration("wanted", 1);

        byte[] safetensors = given().get("/api/v1/feeds/wanted/generations/current/set")
                .then()
                .statusCode(200)
                .contentType("application/vnd.safetensors")
                .extract()
                .asByteArray();
        DistilledSet set = DistilledSet.fromSafetensors(Safetensors.decode(safetensors));
        assertThat(set.classes()).containsExactly("class-0", "class-1");
        byte[] npz = given().get("/api/v1/feeds/wanted/generations/current/set?format=npz")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray();
        assertThat(Npz.decode(npz).get("images").floats()).isEqualTo(set.images());
        byte[] png = given().accept("image/png")
                .get("/api/v1/feeds/wanted/generations/current/set")
                .then()
                .statusCode(200)
                .contentType("image/png")
                .extract()
                .asByteArray();
        assertThat(png).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void handsOutTheManifestAsPublishedAndSavesWhoHasItAlready() throws Exception {
        feeds.produce("manifest", 30);
        feeds.publish("manifest");

        Response response = given().get("/api/v1/feeds/manifest/generations/current");
        Manifest manifest = Manifest.fromBytes(response.asByteArray());
        String tag = response.header("ETag");

        assertThat(manifest.feed()).isEqualTo("manifest");
        assertThat(tag).isEqualTo('"' + Sha256.hex(response.asByteArray()) + '"');
        given().header("If-None-Match", tag)
                .get("/api/v1/feeds/manifest/generations/current")
                .then()
                .statusCode(304);
        given().header("If-None-Match", tag)
                .get("/api/v1/feeds/manifest/generations/current/set")
                .then()
                .statusCode(304);
        given().header("If-None-Match", tag)
                .get("/api/v1/feeds/manifest/generations/current/set?format=png")
                .then()
                .statusCode(200);
    }

    @Test
    void stopsARunningRound() {
        feeds.produce("stopped", 30);
        engine.endless = true;
        String round =
                given().post("/api/v1/feeds/stopped/rounds").then().extract().path("round");
        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/stopped/rounds/current")
                .then()
                .statusCode(200)
                .body("round", equalTo(round))
                .body("state", equalTo("running"))
                .body("stage", equalTo("distilling"))
                .body("total", equalTo(10)));

        given().delete("/api/v1/feeds/stopped/rounds/current")
                .then()
                .statusCode(202)
                .body("round", equalTo(round));

        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/stopped")
                .then()
                .body("last.round", equalTo(round))
                .body("last.outcome", equalTo("cancelled"))
                .body("last.reason", containsString("asked")));
    }

    @Test
    void tellsWhyARoundWasRefused() {
        given().post("/api/v1/feeds/quiet/rounds").then().statusCode(202);

        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/quiet")
                .then()
                .body("last.outcome", equalTo("refused"))
                .body("last.reason", containsString("'quiet' has no image")));
    }

    @Test
    void answersWithProblemsThatNameWhatIsWrong() {
        feeds.produce("young", 4);

        for (String path : new String[] {"", "/rounds/current", "/generations/current", "/generations/current/set"}) {
            ApiFeeds.problem(given().get("/api/v1/feeds/no such" + path), 404, "there is no feed 'no such'");
        }
        ApiFeeds.problem(given().post("/api/v1/feeds/nobody/rounds"), 404, "'nobody'");
        ApiFeeds.problem(given().delete("/api/v1/feeds/nobody/rounds/current"), 404, "'nobody'");
        ApiFeeds.problem(given().get("/api/v1/feeds/young/rounds/current"), 404, "no round of feed 'young'");
        ApiFeeds.problem(given().delete("/api/v1/feeds/young/rounds/current"), 404, "no round of feed 'young'");
        ApiFeeds.problem(
                given().get("/api/v1/feeds/young/generations/current"), 409, "'young' has no published generation");
        ApiFeeds.problem(given().get("/api/v1/feeds/young/generations/current/set"), 409, "'young'");
        ApiFeeds.problem(given().get("/api/v1/feeds/young/generations/current/set?format=bmp"), 400, "'bmp'");
        ApiFeeds.problem(given().put("/api/v1/feeds/young"), 405, "");
    }

    @Test
    void isStartedAliveAndReady() {
        await().atMost(BOUND)
                .untilAsserted(() -> given().get("/q/health/started").then().statusCode(200));

        given().get("/q/health/ready").then().statusCode(200).body("checks.name", hasItems("broker", "distillery"));
        given().get("/q/health/live").then().statusCode(200).body("checks.name", hasItem("distillery threads"));
        given().get("/q/health/live").then().body("checks.name", not(hasItem("broker")));
        given().get("/q/health/started").then().statusCode(200).body("checks.name", hasItem("service"));
    }

    @Test
    void showsTheRealImagesThatAreKept() throws Exception {
        feeds.produce("seen", 4);
        await().atMost(BOUND).untilAsserted(() -> given().get("/api/v1/feeds/seen/sample")
                .then()
                .statusCode(200)
                .body("class-0.size()", equalTo(2))
                .body("class-1.size()", equalTo(2)));
        String identity = given().get("/api/v1/feeds/seen/sample?limit=1").path("class-0[0]");

        byte[] png = given().get("/api/v1/feeds/seen/sample/class-0/{identity}", identity)
                .then()
                .statusCode(200)
                .contentType("image/png")
                .extract()
                .asByteArray();

        byte[] pixels = new ImageDecoder(100).decode("image/png", null, png).pixels();
        assertThat(List.of(ApiFeeds.pixels(0), ApiFeeds.pixels(2))).contains(pixels);
        ApiFeeds.problem(given().get("/api/v1/feeds/seen/sample/class-0/nobody"), 404, "no image 'nobody'");
        ApiFeeds.problem(given().get("/api/v1/feeds/seen/sample?limit=none"), 400, "limit is 'none'");
    }

    @Test
    void tellsWhatIsConfigured() {
        given().get("/api/v1/feeds/quiet/settings")
                .then()
                .statusCode(200)
                .body("shape", contains(1, 2, 3))
                .body("hold-out", equalTo(0.2f))
                .body("rounds.every-images", equalTo(0))
                .body("distillation.'matching.inner-steps'", equalTo("30"));
    }

    @Test
    void describesItself() {
        String document =
                given().get("/q/openapi").then().statusCode(200).extract().asString();

        assertThat(document)
                .contains("/api/v1/feeds/{feed}/generations/{generation}/set", "/api/v1/events", "Asks for a round");
        given().get("/q/swagger-ui/").then().statusCode(200);
    }
}
