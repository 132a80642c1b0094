package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A bounded buffer of expert trajectories in one directory, a file each, oldest dropped first. Files appear by atomic
 * rename and carry a checksum; a damaged one is reported, removed and so made again.
 */
final class TrajectoryBuffer {
    private static final System.Logger LOG = System.getLogger(TrajectoryBuffer.class.getName());
    private static final Pattern NAME = Pattern.compile("trajectory-(\\d+)\\.safetensors");

    private final Path directory;

    /** @throws IOException when the directory is not there and cannot be made, saying so */
    TrajectoryBuffer(Path directory) throws IOException {
        try {
            this.directory = Files.createDirectories(directory);
        } catch (IOException e) {
            throw unusable("trajectories cannot be kept in " + directory, e);
        }
    }

    /** Ordinals of the trajectories that are there, ascending; damaged files are removed with a warning. */
    List<Integer> ordinals() throws IOException {
        List<Integer> found = new ArrayList<>();
        for (int ordinal : named()) {
            if (load(ordinal).isPresent()) {
                found.add(ordinal);
            }
        }
        return found;
    }

    Optional<Trajectory> load(int ordinal) throws IOException {
        return read(file(ordinal));
    }

    /** One snapshot, without reading the others; {@link #ordinals()} has checked the file's checksum. */
    Optional<float[]> snapshot(int ordinal, int epoch) throws IOException {
        try {
            return Optional.of(Trajectory.snapshot(file(ordinal), epoch));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void save(Trajectory trajectory) throws IOException {
        write(trajectory, file(trajectory.ordinal()));
        Files.deleteIfExists(partial(trajectory.ordinal()));
    }

    /** The epochs of an expert that was interrupted. */
    Optional<Trajectory> loadPartial(int ordinal) throws IOException {
        return read(partial(ordinal));
    }

    void savePartial(Trajectory trajectory) throws IOException {
        write(trajectory, partial(trajectory.ordinal()));
    }

    void drop(int ordinal) throws IOException {
        Files.deleteIfExists(file(ordinal));
    }

    /** Matching reads trajectories from disk, so one that cannot be written ends the run. */
    private static void write(Trajectory trajectory, Path file) throws IOException {
        try {
            trajectory.toSafetensors().write(file);
        } catch (IOException e) {
            throw unusable("the trajectory " + file + " cannot be written", e);
        }
    }

    /** Exceptions of the file system often have nothing but a path as their message. */
    private static IOException unusable(String what, IOException cause) {
        String why = cause instanceof FileSystemException ? cause.toString() : String.valueOf(cause.getMessage());
        return new IOException(
                what + " (" + why + "); free space there or give another directory, and run again", cause);
    }

    private List<Integer> named() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> NAME.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(matcher -> Integer.parseInt(matcher.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private static Optional<Trajectory> read(Path file) throws IOException {
        try {
            return Optional.of(Trajectory.fromSafetensors(Safetensors.read(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FormatException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is damaged ({1}); it is removed and trained again",
                    file,
                    e.getMessage());
            Files.deleteIfExists(file);
            return Optional.empty();
        }
    }

    private Path file(int ordinal) {
        return directory.resolve("trajectory-" + ordinal + ".safetensors");
    }

    private Path partial(int ordinal) {
        return directory.resolve("trajectory-" + ordinal + ".partial.safetensors");
    }
}
