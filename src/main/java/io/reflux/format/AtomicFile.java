package io.reflux.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files so that a reader, or the machine after a power cut, finds the old content or the new, never a part. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Replaces a file's content through a synchronised temporary file in the same directory.
     *
     * @throws IOException if the directory cannot be written or is full; the old content then stands
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null) {
            throw new IOException(file + " is a directory, not a file that can be written");
        }
        // Not createTempFile: its files are readable by their owner only, and a set is made to be shared.
        Path temporary = directory.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            writeSynchronised(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            synchronise(directory);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void writeSynchronised(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void synchronise(Path directory) throws IOException {
        // Windows cannot open a directory as a channel and needs no synchronisation of it.
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
