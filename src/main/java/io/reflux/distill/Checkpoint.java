package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A matching run on disk: where it stands and the last state known to be good. A damaged file, or
 * one of another version, counts as none.
 *
 * @param current where the run goes on
 * @param good what it goes back to when it diverges
 * @param sample digest of the images it started on
 */
record Checkpoint(MatchingState current, MatchingState good, String sample) {
    private static final System.Logger LOG = System.getLogger(Checkpoint.class.getName());
    private static final String FORMAT = "reflux-checkpoint/2";

    /**
     * Writes the file, or warns that there is none: the run needs it only if it is interrupted.
     *
     * @return whether it is written
     */
    boolean keep(Path file) {
        try {
            write(file);
            return true;
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "checkpoint {0} cannot be written ({1}); matching goes on, but would begin anew if interrupted",
                    file,
                    e.getMessage());
            return false;
        }
    }

    void write(Path file) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("sample", sample);
        current.addTo("current.", tensors, metadata);
        good.addTo("good.", tensors, metadata);
        metadata.put("sha256", digest(current, good));
        new Safetensors(tensors, metadata).write(file);
    }

    static Optional<Checkpoint> read(Path file) throws IOException {
        try {
            Safetensors content = Safetensors.read(file);
            if (!FORMAT.equals(content.meta("format"))) {
                throw new FormatException("its format is not " + FORMAT);
            }
            Checkpoint checkpoint = new Checkpoint(
                    MatchingState.from("current.", content),
                    MatchingState.from("good.", content),
                    content.meta("sample"));
            if (!digest(checkpoint.current, checkpoint.good).equals(content.meta("sha256"))) {
                throw new FormatException("its content does not have the checksum that was written with it");
            }
            return Optional.of(checkpoint);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FormatException | NumberFormatException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "checkpoint {0} cannot be used ({1}); matching starts from its beginning",
                    file,
                    e.getMessage());
            Files.deleteIfExists(file);
            return Optional.empty();
        }
    }

    private static String digest(MatchingState current, MatchingState good) {
        return good.addTo(current.addTo(Digest.of())).hex();
    }
}
