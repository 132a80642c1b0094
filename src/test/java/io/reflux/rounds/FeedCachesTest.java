package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.wire.Lineage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FeedCachesTest {
    /** Longer than any. */
    private static final Lineage LATER = new Lineage("9".repeat(40), "f".repeat(64));

    @TempDir
    private Path directory;

    /** The longest name a feed may have, in an alphabet whose letters take nine characters each, and names that are paths. */
    static List<String> awkwardNames() {
        return List.of(
                "\u732b".repeat(66), "\u732b".repeat(65) + "ab", ".", "..", "...", "a/../..", "shop@1@2", "%sha-256-");
    }

    @ParameterizedTest
    @MethodSource("awkwardNames")
    void anyFeedHasADirectoryBelow(String feed) throws Exception {
        FeedCaches caches = new FeedCaches(directory);

        for (Lineage lineage : List.of(Lineage.NONE, LATER)) {
            Path own = Files.createDirectories(caches.of(feed, lineage));
            assertThat(own.toRealPath().getParent()).isEqualTo(directory.toRealPath());
        }
        assertThat(caches.forget(feed, LATER)).isTrue();
        assertThat(caches.of(feed, Lineage.NONE)).doesNotExist();
        assertThat(caches.of(feed, LATER)).isDirectory();
    }

    @Test
    void noFeedForgetsWhatAnotherHas() throws Exception {
        FeedCaches caches = new FeedCaches(directory);
        for (String feed : awkwardNames()) {
            Files.createDirectories(caches.of(feed, Lineage.NONE));
        }

        assertThat(caches.forget("...", LATER)).isTrue();

        assertThat(awkwardNames().stream().filter(feed -> !feed.equals("...")))
                .allSatisfy(feed -> assertThat(caches.of(feed, Lineage.NONE)).isDirectory());
    }
}
