package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageArchiveTest {
    private static final int MOST_IMAGES = 3;
    private static final int MOST_IMAGE_BYTES = 100;
    private static final int MOST_BYTES = 1_000;

    @ParameterizedTest
    @ValueSource(strings = {"a/readme.txt", "a/.hidden.png", "readme", "a/", "__MACOSX/a/._1.png"})
    void whatIsPassedCountsAsUnpacked(String name) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(name, new byte[MOST_BYTES - 1]);
        files.put("a/1.png", new byte[1]);
        assertThat(read(Archives.zip(files))).containsExactly("a/1.png");

        files.put(name, new byte[MOST_BYTES]);
        assertThatThrownBy(() -> read(Archives.zip(files)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContainingAll("more than the 1000 bytes", "reflux.uploads.unpacked-megabytes");
    }

    @Test
    void whatIsPassedIsNotUnpackedBeyondWhatIsAllowed() throws IOException {
        byte[] bomb = Archives.zip(Map.of("a/readme.txt", new byte[100_000_000]));
        ByteArrayInputStream body = new ByteArrayInputStream(bomb);

        assertThatThrownBy(() -> {
                    try (ImageArchive archive = new ImageArchive(body, MOST_IMAGES, MOST_IMAGE_BYTES, MOST_BYTES)) {
                        archive.next();
                    }
                })
                .isInstanceOf(ProblemException.class);

        assertThat(body.available()).as("bytes left unread").isGreaterThan(bomb.length / 2);
    }

    @Test
    void allImagesTogetherHaveNoMoreBytesThanAllowed() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a/1.png", new byte[100]);
        files.put("a/2.png", new byte[100]);
        byte[] fits = Archives.zip(files);
        files.put("a/3.png", new byte[1]);
        byte[] large = Archives.zip(files);

        assertThat(read(fits, 200)).hasSize(2);
        assertThatThrownBy(() -> read(large, 200)).hasMessageContaining("more than the 200 bytes");
        files.put("a/2.png", new byte[101]);
        byte[] oversized = Archives.zip(files);
        assertThatThrownBy(() -> read(oversized)).hasMessageContaining("'a/2.png' has more than the 100 bytes");
    }

    @Test
    void entriesOfAllKindsAreCounted() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < ImageArchive.ENTRIES_AN_IMAGE * MOST_IMAGES; i++) {
            files.put("folder-" + i + "/", new byte[0]);
        }
        assertThat(read(Archives.zip(files))).isEmpty();

        files.put("one-more/", new byte[0]);
        assertThatThrownBy(() -> read(Archives.zip(files)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContainingAll("more than 12 entries", "reflux.uploads.images");
    }

    @Test
    void whatIsNoArchiveIsSaidToBeNone() throws IOException {
        for (byte[] none : new byte[][] {{}, {1, 2, 3}, new byte[100], Archives.zip(Map.of())}) {
            assertThatThrownBy(() -> read(none)).hasMessageContaining("it is no zip archive, or has nothing in it");
        }
    }

    private static List<String> read(byte[] bytes) throws IOException {
        return read(bytes, MOST_BYTES);
    }

    private static List<String> read(byte[] bytes, int most) throws IOException {
        List<String> names = new ArrayList<>();
        try (ImageArchive archive =
                new ImageArchive(new ByteArrayInputStream(bytes), MOST_IMAGES, MOST_IMAGE_BYTES, most)) {
            for (Optional<ImageArchive.Entry> next = archive.next(); next.isPresent(); next = archive.next()) {
                names.add(next.get().name());
            }
        }
        return names;
    }
}
