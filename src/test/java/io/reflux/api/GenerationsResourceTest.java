package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.reflux.image.ImageDecoder;
import io.reflux.wire.Manifest;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ApiProfile.class)
final class GenerationsResourceTest extends ApiTest {
    private static final String FORMS = "/api/v1/feeds/forms/generations/1/set";

    @Test
    void listsKeptGenerationsNewestFirstAndHandsOutEachByItsNumber() throws Exception {
        feeds.produce("history", 30);
        feeds.publish("history");
        engine.accuracy = 0.85;
        given().post("/api/v1/feeds/history/rounds").then().statusCode(202);
        feeds.awaitGeneration("history", 2);

        given().get("/api/v1/feeds/history/generations")
                .then()
                .statusCode(200)
                .body("generation", contains(2, 1))
                .body("accuracy.distilled.mean", contains(0.85f, 0.8f));
        Manifest first = Manifest.fromBytes(
                given().get("/api/v1/feeds/history/generations/1").asByteArray());
        assertThat(first.generation()).isEqualTo(1);
        assertThat(given().get("/api/v1/feeds/history/generations/1/set").asByteArray())
                .isNotEqualTo(
                        given().get("/api/v1/feeds/history/generations/2/set").asByteArray());
        assertThat(given().get("/api/v1/feeds/history/generations/current/set").asByteArray())
                .isEqualTo(
                        given().get("/api/v1/feeds/history/generations/2/set").asByteArray());
    }

    @Test
    void handsOutPicturesOneByOneAndInAnArchiveOfFolders() throws Exception {
        feeds.produce("pictures", 30);
        feeds.publish("pictures");

        byte[] archive = given().get("/api/v1/feeds/pictures/generations/1/set?format=zip")
                .then()
                .statusCode(200)
                .contentType("application/zip")
                .header("Content-Disposition", containsString("pictures-1.zip"))
                .extract()
                .asByteArray();

        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] inArchive = zip.readAllBytes();
                byte[] alone = given().get("/api/v1/feeds/pictures/generations/1/images/" + names.size())
                        .then()
                        .statusCode(200)
                        .contentType("image/png")
                        .extract()
                        .asByteArray();
                assertThat(alone).isEqualTo(inArchive);
                assertThat(new ImageDecoder(100)
                                .decode("image/png", null, alone)
                                .shape()
                                .size())
                        .isEqualTo(6);
                names.add(entry.getName());
            }
        }
        assertThat(names).containsExactly("class-0/00000.png", "class-1/00001.png");
    }

    @Test
    void downloadsGoOnWhereTheyBroke() {
        feeds.produce("ranges", 30);
        feeds.publish("ranges");
        String path = "/api/v1/feeds/ranges/generations/1/set";
        Response whole = given().get(path);
        byte[] all = whole.asByteArray();
        String tag = whole.header("ETag");

        Response end =
                given().header("Range", "bytes=100-").header("If-Range", tag).get(path);
        Response middle = given().header("Range", "bytes=10-19").get(path);
        Response last = given().header("Range", "bytes=-7").get(path);
        Response changed = given().header("Range", "bytes=100-")
                .header("If-Range", "\"other\"")
                .get(path);

        assertThat(whole.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(end.statusCode()).isEqualTo(206);
        assertThat(end.header("Content-Range")).isEqualTo("bytes 100-" + (all.length - 1) + "/" + all.length);
        assertThat(end.asByteArray()).isEqualTo(Arrays.copyOfRange(all, 100, all.length));
        assertThat(middle.asByteArray()).isEqualTo(Arrays.copyOfRange(all, 10, 20));
        assertThat(last.asByteArray()).isEqualTo(Arrays.copyOfRange(all, all.length - 7, all.length));
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.asByteArray()).isEqualTo(all);
        ApiFeeds.problem(given().header("Range", "bytes=" + all.length + "-").get(path), 416, "has no byte of");
        assertThat(given().header("Range", "bytes=0-1,4-5").get(path).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSetIsWrittenAsTheCallerLikesBest() {
        feeds.produce("forms", 30);
        feeds.publish("forms");
        Map<String, String> chosen = new LinkedHashMap<>();
        chosen.put("*/*", SetFormat.SAFETENSORS.mediaType());
        chosen.put("application/*", SetFormat.SAFETENSORS.mediaType());
        chosen.put("application/vnd.numpy.npz", SetFormat.NPZ.mediaType());
        chosen.put("application/zip", SetFormat.ZIP.mediaType());
        chosen.put("image/*", SetFormat.PNG.mediaType());
        chosen.put("image/png, */*", SetFormat.PNG.mediaType());
        chosen.put("image/png;q=0, */*", SetFormat.SAFETENSORS.mediaType());
        chosen.put("image/png;q=0.1, application/zip;q=0.9", SetFormat.ZIP.mediaType());
        chosen.put("application/json, application/vnd.numpy.npz;q=0.2", SetFormat.NPZ.mediaType());
        chosen.put(
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", SetFormat.SAFETENSORS.mediaType());

        chosen.forEach((accept, form) -> {
            Response answer = given().header("Accept", accept).get(FORMS);
            assertThat(answer.statusCode()).as(accept).isEqualTo(200);
            assertThat(answer.contentType()).as(accept).isEqualTo(form);
            assertThat(answer.headers().getValues("Vary")).as(accept).containsExactly("Accept");
        });
    }

    @Test
    void aSetIsRefusedInAFormThatItIsNotWrittenIn() {
        for (String accept : List.of("application/json", "image/png;q=0", "image/jpeg", "text/*")) {
            ApiFeeds.problem(
                    given().header("Accept", accept).get("/api/v1/feeds/any/generations/1/set"),
                    406,
                    "application/vnd.safetensors, application/vnd.numpy.npz, image/png or application/zip");
        }
        ApiFeeds.problem(given().header("Accept", ";;;").get("/api/v1/feeds/any/generations/1/set"), 400, "");
        ApiFeeds.problem(
                given().header("Accept", "application/json").get("/api/v1/feeds/any/generations/1/set?format=png"),
                404,
                "no feed 'any'");
    }

    @Test
    void whatACallerHasNotSeenIsNotHandedOutToIt() {
        feeds.produce("matched", 30);
        feeds.publish("matched");
        String path = "/api/v1/feeds/matched/generations/1/set";
        String tag = given().get(path).header("ETag");

        given().header("If-Match", tag).get(path).then().statusCode(200);
        given().header("If-Match", "\"other\", " + tag).get(path).then().statusCode(200);
        given().header("If-Match", "*").get(path).then().statusCode(200);
        ApiFeeds.problem(given().header("If-Match", "\"other\"").get(path), 412, tag.replace("\"", ""));
        ApiFeeds.problem(
                given().header("If-Match", tag).get(path + "?format=png"), 412, tag.replace("\"", "") + "-png");
        given().header("If-None-Match", tag).get(path).then().statusCode(304).header("ETag", equalTo(tag));
    }

    @Test
    void namesWhatThereIsNot() {
        feeds.produce("missing", 30);
        feeds.publish("missing");

        for (String name : new String[] {"7", "0", "-1", "latest", "99999999999999999999"}) {
            ApiFeeds.problem(
                    given().get("/api/v1/feeds/missing/generations/" + name), 404, "has no generation '" + name + "'");
        }
        ApiFeeds.problem(given().get("/api/v1/feeds/missing/generations/1/images/2"), 404, "the images 0 to 1");
        ApiFeeds.problem(given().get("/api/v1/feeds/missing/generations/1/images/x"), 404, "no image 'x'");
        given().get("/api/v1/feeds/missing/generations/1/images/0").then().header("Cache-Control", equalTo("no-cache"));
    }
}
