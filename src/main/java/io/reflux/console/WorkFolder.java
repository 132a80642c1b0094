package io.reflux.console;

import io.quarkus.runtime.Application;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where a demo works: a fresh folder that goes away with it, or one that is kept.
 *
 * @param path of the folder
 * @param kept whether it stays
 */
public record WorkFolder(Path path, boolean kept) implements AutoCloseable {
    /** @throws CommandException when the folder cannot be written */
    public static WorkFolder of(@Nullable Path keep) throws IOException {
        if (keep != null) {
            OutputPath.requireFolder(keep);
            return new WorkFolder(keep, true);
        }
        WorkFolder fresh = new WorkFolder(Files.createTempDirectory("reflux-demo-"), false);
        Runtime.getRuntime().addShutdownHook(new Thread(fresh::removeAfterService, "demo-folder"));
        return fresh;
    }

    /** When the process is told to end: the service lets go of its files first. */
    private void removeAfterService() {
        Application service = Application.currentApplication();
        if (service != null) {
            service.awaitShutdown();
        }
        try {
            close();
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }

    /** Removes a folder that is not kept; what the system does not let go of stays, in the system's temporary folder. */
    @Override
    public void close() throws IOException {
        if (!kept && Files.exists(path)) {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return delete(file);
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
                    return delete(folder);
                }
            });
        }
    }

    private static FileVisitResult delete(Path path) {
        boolean gone = path.toFile().delete();
        return gone || Files.exists(path) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }
}
