package io.reflux.image;

import io.reflux.image.UndecodableImageException.Reason;
import java.io.ByteArrayOutputStream;

/**
 * A JPEG file whose segments have been walked to the end-of-image marker: dimensions and components are known, and only
 * what carries pixels is kept.
 *
 * <p>Profiles, thumbnails and comments are left out before ImageIO sees the file, and the number of scans is bounded,
 * since each scan of a progressive file costs a pass over all pixels.
 */
final class JpegImage {
    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int FIRST_FRAME = 0xc0;
    private static final int LAST_FRAME = 0xcf;
    private static final int HUFFMAN_TABLES = 0xc4;
    private static final int EXTENSION = 0xc8;
    private static final int ARITHMETIC_TABLES = 0xcc;
    private static final int FIRST_RESTART = 0xd0;
    private static final int LAST_RESTART = 0xd7;
    private static final int FIRST_APPLICATION = 0xe0;
    private static final int COMMENT = 0xfe;
    private static final int JFIF = 0xe0;
    private static final int ADOBE = 0xee;
    private static final int MOST_SCANS = 100;

    private final byte[] file;
    private final ByteArrayOutputStream kept;
    private int at;
    private int scans;
    private int height;
    private int width;
    private int components;

    private JpegImage(byte[] file) {
        this.file = file;
        this.kept = new ByteArrayOutputStream(file.length);
    }

    static JpegImage parse(byte[] file) throws UndecodableImageException {
        JpegImage image = new JpegImage(file);
        if (image.marker() != START_OF_IMAGE) {
            throw corrupt("it does not start as a JPEG file");
        }
        image.keep(0);
        image.walk();
        if (image.scans == 0 || image.components == 0) {
            throw corrupt("it holds no picture");
        }
        return image;
    }

    DecodedImage decode(long maxPixels) throws UndecodableImageException {
        ImageShape shape = ImageDecoder.shape(components, height, width, maxPixels);
        return Rasters.read("jpeg", kept.toByteArray(), shape);
    }

    private void walk() throws UndecodableImageException {
        while (true) {
            int start = at;
            int marker = marker();
            if (marker == END_OF_IMAGE) {
                keep(start);
                return;
            }
            segment(marker);
            if (marker == START_OF_SCAN) {
                scan();
            }
            if (marker < FIRST_APPLICATION || marker == JFIF || marker == ADOBE) {
                keep(start);
            }
        }
    }

    /** Reads ff, any number of fill bytes ff, and the marker. */
    private int marker() throws UndecodableImageException {
        if (at >= file.length || at(at) != 0xff) {
            throw corrupt("no marker at byte " + at + " of " + file.length);
        }
        while (at < file.length && at(at) == 0xff) {
            at++;
        }
        if (at >= file.length) {
            throw corrupt("it ends at byte " + file.length + " without an end-of-image marker");
        }
        return at(at++);
    }

    private void segment(int marker) throws UndecodableImageException {
        boolean known = marker >= FIRST_FRAME && marker <= COMMENT && marker != START_OF_IMAGE;
        int length = at + 2 <= file.length ? at(at) << 8 | at(at + 1) : 0;
        if (!known || length < 2 || length > file.length - at) {
            throw corrupt("the segment " + Integer.toHexString(marker) + " at byte " + at + " claims " + length
                    + " bytes, " + (file.length - at) + " are left");
        }
        if (isFrame(marker)) {
            frame(length);
        }
        at += length;
    }

    private static boolean isFrame(int marker) {
        return marker >= FIRST_FRAME
                && marker <= LAST_FRAME
                && marker != HUFFMAN_TABLES
                && marker != EXTENSION
                && marker != ARITHMETIC_TABLES;
    }

    private void frame(int length) throws UndecodableImageException {
        if (components != 0 || length < 8) {
            throw corrupt("it has two frames, or one without dimensions");
        }
        height = at(at + 3) << 8 | at(at + 4);
        width = at(at + 5) << 8 | at(at + 6);
        components = at(at + 7);
        if (components == 0) {
            throw corrupt("its frame has no components");
        }
    }

    /** Skips entropy-coded bytes: ff 00 is a byte, ff d0 … ff d7 are restarts, any other ff xx ends the scan. */
    private void scan() throws UndecodableImageException {
        if (++scans > MOST_SCANS) {
            throw corrupt("it has more than " + MOST_SCANS + " scans");
        }
        while (at + 1 < file.length) {
            int next = at(at + 1);
            if (at(at) == 0xff && next != 0 && (next < FIRST_RESTART || next > LAST_RESTART)) {
                return;
            }
            at++;
        }
        throw corrupt("it ends at byte " + file.length + " within a scan");
    }

    private void keep(int start) {
        kept.write(file, start, at - start);
    }

    private int at(int index) {
        return file[index] & 0xff;
    }

    private static UndecodableImageException corrupt(String why) {
        return new UndecodableImageException(Reason.TRUNCATED_OR_CORRUPT, "the JPEG image is damaged: " + why);
    }
}
