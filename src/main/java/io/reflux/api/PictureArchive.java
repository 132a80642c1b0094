package io.reflux.api;

import io.reflux.distill.DistilledSet;
import io.reflux.image.Png;
import io.reflux.wire.Key;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The pictures of a set in a zip archive, a folder for each class, as {@code reflux distill --data} reads them. */
final class PictureArchive {
    private PictureArchive() {}

    /** {@code class/00000.png} and so on, with no trace of when it was written: the same set gives the same bytes. */
    static byte[] zip(DistilledSet set) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] pixels = set.pixels();
        int size = set.shape().size();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            // PNG files are compressed already
            zip.setLevel(0);
            for (int i = 0; i < set.size(); i++) {
                ZipEntry entry = new ZipEntry(name(set, i));
                entry.setLastModifiedTime(FileTime.fromMillis(0));
                zip.putNextEntry(entry);
                zip.write(Png.encode(set.shape(), Arrays.copyOfRange(pixels, i * size, (i + 1) * size)));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A class may be called anything, so its folder is percent-encoded as it is in a key. */
    private static String name(DistilledSet set, int image) {
        return Key.of(set.classes().get(set.classOf(image))).text() + "/" + String.format("%05d.png", image);
    }
}
