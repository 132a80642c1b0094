package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call may upload, where little is allowed. */
@QuarkusTest
@TestProfile(NarrowProfile.class)
final class UploadLimitsTest {
    private static final int MEGABYTE = 1_000_000;

    @TestHTTPResource("/")
    URI address;

    @Test
    void anArchiveMayHaveAsManyImagesAsIsSaidAndNotMore() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < NarrowProfile.IMAGES; i++) {
            files.put("a/" + i + ".png", png(i));
        }
        upload(Archives.zip(files)).then().statusCode(200).body("accepted", equalTo(NarrowProfile.IMAGES));

        files.put("a/more.png", png(9));
        ApiFeeds.problem(upload(Archives.zip(files)), 413, "more than 3 images (reflux.uploads.images)");
    }

    @Test
    void theImagesOfAnArchiveMayUnpackToAsMuchAsIsSaid() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a/1.png", new byte[MEGABYTE / 2]);
        files.put("a/2.png", new byte[MEGABYTE / 2]);
        upload(Archives.zip(files)).then().statusCode(200).body("rejected", equalTo(2));

        files.put("a/3.png", png(1));
        ApiFeeds.problem(upload(Archives.zip(files)), 413, "reflux.uploads.unpacked-megabytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/readme.txt", "a/.hidden.png", "readme", "a/", "__MACOSX/a/._1.png"})
    void whatIsPassedInAnArchiveIsUnpackedNoFurtherThanTheRest(String name) throws IOException {
        byte[] bomb = Archives.zip(Map.of(name, new byte[50 * MEGABYTE]));
        assertThat(bomb.length).isLessThan(NarrowProfile.BODY_BYTES);

        ApiFeeds.problem(upload(bomb), 413, "reflux.uploads.unpacked-megabytes");
    }

    @Test
    void anArchiveHasNotManyMoreEntriesThanImages() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < ImageArchive.ENTRIES_AN_IMAGE * NarrowProfile.IMAGES; i++) {
            files.put("folder-" + i + "/", new byte[0]);
        }
        upload(Archives.zip(files)).then().statusCode(200).body("accepted", equalTo(0));

        files.put("one-more/", new byte[0]);
        ApiFeeds.problem(upload(Archives.zip(files)), 413, "more than 12 entries");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/zip"})
    void aCallThatDoesNotSayHowLargeItIsIsRefusedWhenItIsTooLarge(String type) throws Exception {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(("POST /api/v1/feeds/f/images?label=a HTTP/1.1\r\nHost: " + address.getAuthority()
                        + "\r\nContent-Type: " + type + "\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        byte[] content = type.endsWith("zip")
                ? Archives.zip(Map.of("a/1.png", noise(3 * NarrowProfile.BODY_BYTES)))
                : noise(3 * NarrowProfile.BODY_BYTES);
        request.write((Integer.toHexString(content.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        request.write(content);
        request.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        RawHttp.Answer answer = RawHttp.ask(address, request.toByteArray());

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.contentType()).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("102400 bytes", "quarkus.http.limits.max-body-size");
    }

    @Test
    void aCallThatDoesNotSayHowLargeItIsMayBeAsLargeAsOneThatDoes() throws Exception {
        byte[] content = noise(NarrowProfile.BODY_BYTES);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(("POST /api/v1/feeds/f/images?label=a HTTP/1.1\r\nHost: " + address.getAuthority()
                        + "\r\nContent-Type: image/png\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.write((Integer.toHexString(content.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        request.write(content);
        request.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(RawHttp.ask(address, request.toByteArray()).status()).isEqualTo(422);
    }

    private static Response upload(byte[] archive) {
        return given().contentType("application/zip").body(archive).post("/api/v1/feeds/f/images");
    }

    private static byte[] png(int value) {
        return Png.encode(new ImageShape(1, 2, 2), new byte[] {(byte) value, 2, 3, 4});
    }

    /** What does not compress. */
    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(1).nextBytes(bytes);
        return bytes;
    }
}
