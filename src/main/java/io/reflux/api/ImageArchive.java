package io.reflux.api;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * The images of an uploaded zip archive, one after the other, each in the folder of its class: {@code class/image.png}.
 * Nothing is written to disk, and no more is unpacked than the limits allow, whatever the archive says of itself.
 */
final class ImageArchive implements AutoCloseable {
    /** An image, its folder, and what macOS adds to each. */
    static final int ENTRIES_AN_IMAGE = 4;

    private final ZipInputStream zip;
    private final int mostImages;
    private final int mostImageBytes;
    private final long mostBytes;
    private final byte[] passed = new byte[8_192];
    private long bytesLeft;
    private int images;
    private long entries;

    /**
     * One image.
     *
     * @param name of the entry
     * @param label the folder it is in
     * @param contentType by the ending of its name
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(String name, String label, String contentType, byte[] bytes) {}

    /**
     * @param mostImages in the archive
     * @param mostImageBytes of one image
     * @param mostBytes of all entries together, unpacked, those that are passed included
     */
    ImageArchive(InputStream body, int mostImages, int mostImageBytes, long mostBytes) {
        this.zip = new ZipInputStream(body);
        this.mostImages = mostImages;
        this.mostImageBytes = mostImageBytes;
        this.mostBytes = mostBytes;
        this.bytesLeft = mostBytes;
    }

    /**
     * The next image; empty at the end. Folders, hidden files and what is no PNG or JPEG file by its name are passed.
     *
     * @throws ProblemException when it is no archive, or is damaged, larger than allowed, or has a name that leads out of it
     */
    Optional<Entry> next() throws IOException {
        try {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                count();
                Optional<Entry> image = image(entry);
                if (image.isPresent()) {
                    return image;
                }
                pass();
            }
            if (entries == 0) {
                throw ProblemException.badArchive("it is no zip archive, or has nothing in it");
            }
            return Optional.empty();
        } catch (EOFException e) {
            throw ProblemException.badArchive("it ends too early");
        } catch (ZipException | IllegalArgumentException e) {
            throw ProblemException.badArchive("it cannot be read: " + e.getMessage());
        }
    }

    /** Entries cost time, however small they are. */
    private void count() {
        entries++;
        long most = (long) ENTRIES_AN_IMAGE * mostImages;
        if (entries > most) {
            throw ProblemException.tooMuch("the archive has more than " + most + " entries, " + ENTRIES_AN_IMAGE
                    + " for each image allowed (reflux.uploads.images); send it in parts");
        }
    }

    /** The stream unpacks what is passed, too, so it is done here, where it is counted. */
    private void pass() throws IOException {
        for (int read = zip.read(passed); read >= 0; read = zip.read(passed)) {
            bytesLeft -= read;
            if (bytesLeft < 0) {
                throw unpacksToTooMuch();
            }
        }
    }

    private ProblemException unpacksToTooMuch() {
        return ProblemException.tooMuch("the archive unpacks to more than the " + mostBytes
                + " bytes that reflux.uploads.unpacked-megabytes allows; send it in parts");
    }

    private Optional<Entry> image(ZipEntry entry) throws IOException {
        String name = entry.getName();
        String[] parts = name.split("/");
        if (name.startsWith("/") || name.contains("\\") || name.contains(":") || hasDots(parts)) {
            throw ProblemException.badArchive("the name '" + name + "' leads out of it");
        }
        String file = parts[parts.length - 1];
        Optional<String> type = contentType(file);
        if (entry.isDirectory() || file.startsWith(".") || type.isEmpty()) {
            return Optional.empty();
        }
        if (parts.length < 2) {
            throw ProblemException.badArchive("'" + name + "' is in no folder; the folder names the class");
        }
        images++;
        if (images > mostImages) {
            throw ProblemException.tooMuch(
                    "the archive has more than " + mostImages + " images (reflux.uploads.images); send it in parts");
        }
        return Optional.of(new Entry(name, parts[parts.length - 2], type.get(), bytes(name)));
    }

    private byte[] bytes(String name) throws IOException {
        long most = Math.min(mostImageBytes, bytesLeft);
        byte[] bytes = zip.readNBytes((int) most + 1);
        if (bytes.length > most) {
            throw bytesLeft < mostImageBytes
                    ? unpacksToTooMuch()
                    : ProblemException.tooMuch(
                            "'" + name + "' has more than the " + mostImageBytes + " bytes that fit into a record");
        }
        bytesLeft -= bytes.length;
        return bytes;
    }

    private static boolean hasDots(String[] parts) {
        for (String part : parts) {
            if (part.equals("..") || part.equals(".")) {
                return true;
            }
        }
        return parts.length == 0;
    }

    private static Optional<String> contentType(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return Optional.of("image/png");
        }
        return name.endsWith(".jpg") || name.endsWith(".jpeg") ? Optional.of("image/jpeg") : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
