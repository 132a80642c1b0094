package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ApiProfile.class)
final class ImagesResourceTest {
    @Test
    void takesAnImageAndSaysWhereItStands() {
        given().contentType("image/png")
                .body(png(1))
                .post("/api/v1/feeds/posted/images?label=cat")
                .then()
                .statusCode(202)
                .body("topic", equalTo("images"))
                .body("partition", greaterThanOrEqualTo(0))
                .body("offset", greaterThanOrEqualTo(0))
                .body("label", equalTo("cat"));
        given().contentType("application/octet-stream")
                .body(new byte[] {1, 2, 3, 4, 5, 6})
                .post("/api/v1/feeds/posted/images?label=dog&shape=1,2,3")
                .then()
                .statusCode(202);

        awaitSample("posted", Map.of("cat", 1, "dog", 1));
    }

    @Test
    void anEventSentTwiceIsOneImage() {
        for (int i = 0; i < 2; i++) {
            given().contentType("image/png")
                    .header("ce-source", "/camera/1")
                    .header("ce-id", "17")
                    .header("ce-time", "2026-01-31T12:00:00Z")
                    .body(png(1))
                    .post("/api/v1/feeds/twice/images?label=cat")
                    .then()
                    .statusCode(202);
        }

        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/twice").then().body("in.images", equalTo(2)));
        awaitSample("twice", Map.of("cat", 1));
    }

    @Test
    void refusesWhatTheCollectorWouldReject() {
        ApiFeeds.problem(
                given().contentType("image/png").body(new byte[] {1, 2}).post("/api/v1/feeds/f/images?label=a"),
                422,
                "PNG");
        ApiFeeds.problem(given().contentType("image/png").body(png(1)).post("/api/v1/feeds/f/images"), 400, "label");
        ApiFeeds.problem(
                given().contentType("image/png").body(png(1)).post("/api/v1/feeds/quiet/images?label=a"),
                422,
                "the feed 'quiet' takes");
        ApiFeeds.problem(given().contentType("image/gif").body(png(1)).post("/api/v1/feeds/f/images?label=a"), 415, "");
        ApiFeeds.problem(
                given().contentType("image/png")
                        .header("ce-source", "s")
                        .header("ce-id", "1")
                        .header("ce-time", "yesterday")
                        .body(png(1))
                        .post("/api/v1/feeds/f/images?label=a"),
                400,
                "ce-time is 'yesterday'");
    }

    @Test
    void takesAnArchiveOfFoldersAndNamesWhatItRefuses() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("cats/", new byte[0]);
        files.put("cats/1.png", png(1));
        files.put("set/dogs/1.PNG", png(2));
        files.put("dogs/broken.png", new byte[] {1, 2, 3});
        files.put("dogs/readme.txt", new byte[] {1});

        given().contentType("application/zip")
                .body(Archives.zip(files))
                .post("/api/v1/feeds/archived/images")
                .then()
                .statusCode(200)
                .body("accepted", equalTo(2))
                .body("rejected", equalTo(1))
                .body("images.entry", contains("cats/1.png", "set/dogs/1.PNG"))
                .body("images.label", contains("cats", "dogs"))
                .body("problems.entry", contains("dogs/broken.png"))
                .body("problems.reason", contains("undecodable"));

        awaitSample("archived", Map.of("cats", 1, "dogs", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/a.png", "/etc/a.png", "a/../../b.png", "C:\\windows\\a.png", "a/./b.png"})
    void refusesNamesThatLeadOutOfAnArchive(String name) throws IOException {
        ApiFeeds.problem(upload(Archives.zip(Map.of(name, png(1)))), 400, "leads out of it");
    }

    @Test
    void refusesArchivesThatUnpackToMoreThanAllowed() throws IOException {
        byte[] bomb = Archives.zip(Map.of("a/bomb.png", new byte[50_000_000]));
        assertThat(bomb.length).isLessThan(100_000);

        ApiFeeds.problem(upload(bomb), 413, "'a/bomb.png' has more than the 1000000 bytes");
    }

    @Test
    void refusesWhatIsNoArchive() throws IOException {
        byte[] whole = Archives.zip(Map.of("a/1.png", png(1)));
        whole[45] ^= 0x55;

        Response damaged = upload(whole);

        assertThat(damaged.statusCode()).isLessThan(500);
        ApiFeeds.problem(upload(Archives.zip(Map.of("1.png", png(1)))), 400, "'1.png' is in no folder");
        byte[] nameless = Arrays.copyOf(Archives.zip(Map.of("a/1.png", png(1))), 30);
        ApiFeeds.problem(upload(nameless), 400, "it ends too early");
        for (byte[] none : new byte[][] {{1, 2, 3}, {}, png(1), new byte[100], Archives.zip(Map.of())}) {
            ApiFeeds.problem(upload(none), 400, "it is no zip archive, or has nothing in it");
        }
    }

    private static Response upload(byte[] archive) {
        return given().contentType("application/zip").body(archive).post("/api/v1/feeds/f/images");
    }

    private static void awaitSample(String feed, Map<String, Integer> wanted) {
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/" + feed)
                .then()
                .statusCode(200)
                .body("sample", equalTo(wanted)));
    }

    private static byte[] png(int value) {
        return Png.encode(new ImageShape(1, 2, 2), new byte[] {(byte) value, 2, 3, 4});
    }
}
