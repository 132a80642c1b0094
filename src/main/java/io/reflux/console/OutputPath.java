package io.reflux.console;

import io.reflux.format.AtomicFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a result goes: tried before the work, written whole or not at all after it. */
public final class OutputPath {
    private OutputPath() {}

    /**
     * Makes sure that a file can be written, and makes the folder it stands in.
     *
     * @throws CommandException when it cannot
     */
    public static void requireFile(Path file) {
        if (Files.isDirectory(file)) {
            throw CommandException.failure(file + " is a folder; name a file to write");
        }
        requireFolder(folderOf(file));
    }

    /**
     * Makes sure that files can be written into a folder, and makes it.
     *
     * @throws CommandException when they cannot
     */
    public static void requireFolder(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".reflux-", ".try"));
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /**
     * Writes a file whole or not at all.
     *
     * @throws CommandException when it cannot be written
     */
    public static void write(Path file, byte[] content) {
        requireFile(file);
        try {
            AtomicFile.write(file, content);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static Path folderOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static CommandException unwritable(Path path, IOException failure) {
        return CommandException.failure(
                "cannot write to " + path + ": " + reason(path, failure) + "; choose another place with --out",
                failure);
    }

    private static String reason(Path path, IOException failure) {
        Path obstacle = path.toAbsolutePath();
        while (obstacle != null && !Files.exists(obstacle)) {
            obstacle = obstacle.getParent();
        }
        if (obstacle != null && !Files.isDirectory(obstacle)) {
            return obstacle + " is a file, not a folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "no permission";
        }
        String reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
