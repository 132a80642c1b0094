package io.reflux.rounds;

import io.reflux.wire.Key;
import io.reflux.wire.Lineage;
import io.reflux.wire.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

    /** Leaves room for a lineage in the 255 bytes that file systems give a name. */
    private static final int LONGEST_NAME = 120;

    /** Begins no encoded name, whose percent signs have two hexadecimal digits after them. */
    private static final String DIGEST = "%sha-256-";

    private static final String TRAJECTORY = "trajectory-";

    /** Below a feed's directory: that of what its trajectories depend on, and the files. */
    private static final int DEPTH = 2;

    /** Of a feed while it has this lineage. */
    Path of(String feed, Lineage lineage) {
        String name = nameOf(feed);
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
        List<Path> stale = directoriesOf(feed).stream()
                .filter(path -> !path.equals(of(feed, present)))
                .toList();
        for (Path path : stale) {
            remove(path);
        }
        return !stale.isEmpty();
    }

    /**
     * Bytes of a feed's trajectories, of all lineages.
     *
     * @throws IOException when the directory cannot be read
     */
    long trajectoryBytes(String feed) throws IOException {
        long bytes = 0;
        for (Path own : directoriesOf(feed)) {
            try (Stream<Path> found = Files.walk(own, DEPTH)) {
                for (Path path : found.filter(FeedCaches::isTrajectory).toList()) {
                    bytes += size(path);
                }
            }
        }
        return bytes;
    }

    private List<Path> directoriesOf(String feed) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        String name = nameOf(feed);
        try (Stream<Path> found = Files.list(directory)) {
            return found.filter(path -> isOf(name, String.valueOf(path.getFileName())))
                    .toList();
        }
    }

    /** A name that file systems take: neither too long nor a way up. */
    private static String nameOf(String feed) {
        String encoded = Key.of(feed).text();
        boolean fits = encoded.length() <= LONGEST_NAME && !encoded.chars().allMatch(letter -> letter == '.');
        return fits ? encoded : DIGEST + Sha256.hex(encoded.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isTrajectory(Path path) {
        return String.valueOf(path.getFileName()).startsWith(TRAJECTORY);
    }

    /** The oldest trajectory may go at any moment. */
    private static long size(Path path) throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException e) {
            return 0;
        }
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
