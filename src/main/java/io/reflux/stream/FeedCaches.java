package io.reflux.stream;

import io.reflux.wire.Key;
import io.reflux.wire.Lineage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a process keeps the trajectories and checkpoints of its feeds: a directory for each lineage of a feed, so that
 * nothing that may have seen what is forgotten is ever found again.
 *
 * @param directory of all feeds
 */
record FeedCaches(Path directory) {
    /** Stands between a feed and its lineage; never in an encoded name. */
    private static final String MARK = "@";

    /** Of a feed while it has this lineage. */
    Path of(String feed, Lineage lineage) {
        String name = Key.of(feed).text();
        return directory.resolve(
                lineage.equals(Lineage.NONE) ? name : name + MARK + lineage.incarnation() + MARK + lineage.erasures());
    }

    /**
     * Removes what a feed has of other lineages.
     *
     * @return whether there was any
     * @throws IOException when a file cannot be removed
     */
    boolean forget(String feed, Lineage present) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        String name = Key.of(feed).text();
        List<Path> stale;
        try (Stream<Path> found = Files.list(directory)) {
            stale = found.filter(path -> isOf(name, String.valueOf(path.getFileName())))
                    .filter(path -> !path.equals(of(feed, present)))
                    .toList();
        }
        for (Path path : stale) {
            remove(path);
        }
        return !stale.isEmpty();
    }

    private static boolean isOf(String feed, String file) {
        return file.equals(feed) || file.startsWith(feed + MARK);
    }

    private static void remove(Path tree) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(tree)) {
            paths = found.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
