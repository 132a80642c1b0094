package io.reflux.image;

import io.reflux.format.FormatException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The unpacked content of a file that may be compressed with gzip.
 *
 * @param damage why unpacking ended early; empty if it did not
 */
record PackedFile(Path file, byte[] content, String damage) {
    private static final String SUFFIX = ".gz";
    private static final int BUFFER = 1 << 16;
    private static final int LARGEST = Integer.MAX_VALUE - 16;

    /** The first file, by name, whose name without {@code .gz} matches. */
    static Optional<Path> find(Path directory, Pattern name) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> sorted = files.sorted().toList();
            return sorted.stream().filter(file -> matches(file, name)).findFirst();
        }
    }

    /** The file of that name, or of that name with {@code .gz}. */
    static Optional<Path> find(Path directory, String name) throws IOException {
        return find(directory, Pattern.compile(Pattern.quote(name)));
    }

    /** The content of the file of that name, which has to be there. */
    static PackedFile require(Path directory, String name) throws IOException {
        Path file = find(directory, name)
                .orElseThrow(() -> new FormatException(
                        directory + " has no " + name + " or " + name + SUFFIX + " beside its other files"));
        return read(file);
    }

    static PackedFile read(Path file) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        String damage = "";
        try (InputStream input = open(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
                if (content.size() > LARGEST - count) {
                    throw new FormatException(file + " unpacks to more than 2 GiB");
                }
                content.write(buffer, 0, count);
            }
        } catch (EOFException e) {
            damage = "the gzip stream ends early";
        } catch (ZipException e) {
            damage = "the gzip stream is damaged: " + e.getMessage();
        }
        return new PackedFile(file, content.toByteArray(), damage);
    }

    /** Fails unless the file unpacked without damage to that many bytes. */
    void requireSize(long expected) throws FormatException {
        if (content.length != expected || !damage.isEmpty()) {
            throw wrong("expected " + expected + " bytes, found " + content.length);
        }
    }

    FormatException wrong(String why) {
        return new FormatException(file + ": " + why + (damage.isEmpty() ? "" : "; " + damage));
    }

    private static boolean matches(Path file, Pattern name) {
        String own = String.valueOf(file.getFileName());
        String plain = own.endsWith(SUFFIX) ? own.substring(0, own.length() - SUFFIX.length()) : own;
        return name.matcher(plain).matches() && Files.isRegularFile(file);
    }

    private static InputStream open(Path file) throws IOException {
        InputStream input = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        if (!file.toString().endsWith(SUFFIX)) {
            return input;
        }
        try {
            return new GZIPInputStream(input, BUFFER);
        } catch (IOException e) {
            input.close();
            throw e;
        }
    }
}
