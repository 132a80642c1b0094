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
    private final ZipInputStream zip;
    private final int mostImages;
    private final int mostImageBytes;
    private long bytesLeft;
    private int images;

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
     * @param mostBytes of all together, unpacked
     */
    ImageArchive(InputStream body, int mostImages, int mostImageBytes, long mostBytes) {
        this.zip = new ZipInputStream(body);
        this.mostImages = mostImages;
        this.mostImageBytes = mostImageBytes;
        this.bytesLeft = mostBytes;
    }

    /**
     * The next image; empty at the end. Folders, hidden files and what is no PNG or JPEG file by its name are passed.
     *
     * @throws ProblemException when the archive is damaged, larger than allowed, or has a name that leads out of it
     */
    Optional<Entry> next() throws IOException {
        try {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Optional<Entry> image = image(entry);
                if (image.isPresent()) {
                    return image;
                }
            }
            return Optional.empty();
        } catch (EOFException e) {
            throw ProblemException.badArchive("it ends too early");
        } catch (ZipException | IllegalArgumentException e) {
            throw ProblemException.badArchive("it cannot be read: " + e.getMessage());
        }
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
            throw ProblemException.tooMuch(
                    bytesLeft < mostImageBytes
                            ? "the images of the archive are larger than reflux.uploads.unpacked-megabytes allows;"
                                    + " send it in parts"
                            : "'" + name + "' has more than the " + mostImageBytes + " bytes that fit into a record");
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
