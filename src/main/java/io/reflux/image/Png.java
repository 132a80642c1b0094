package io.reflux.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes 8-bit gray and RGB images as PNG files (W3C Portable Network Graphics), with no more than the needed chunks. */
public final class Png {
    private static final int GRAY = 0;
    private static final int RGB = 2;

    private Png() {}

    /**
     * The PNG file of an image; the same pixels give the same bytes.
     *
     * @param pixelsCHW u8 [C,H,W]
     */
    public static byte[] encode(ImageShape shape, byte[] pixelsCHW) {
        if (pixelsCHW.length != shape.size()) {
            throw new IllegalArgumentException(
                    "an image of " + shape + " has " + shape.size() + " bytes, not " + pixelsCHW.length);
        }
        ByteBuffer header = ByteBuffer.allocate(13)
                .putInt(shape.width())
                .putInt(shape.height())
                .put((byte) 8)
                .put((byte) (shape.channels() == 1 ? GRAY : RGB));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(PngImage.SIGNATURE);
        writeChunk(file, "IHDR", header.array());
        writeChunk(file, "IDAT", deflate(scanlines(shape, pixelsCHW)));
        writeChunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    /** Each row as its filter type 0 (none) and the pixels, channels last. */
    private static byte[] scanlines(ImageShape shape, byte[] pixels) {
        ByteBuffer lines = ByteBuffer.allocate(Math.addExact(shape.size(), shape.height()));
        for (int y = 0; y < shape.height(); y++) {
            lines.put((byte) 0);
            for (int x = 0; x < shape.width(); x++) {
                for (int c = 0; c < shape.channels(); c++) {
                    lines.put(pixels[c * shape.plane() + y * shape.width() + x]);
                }
            }
        }
        return lines.array();
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                deflated.write(buffer, 0, deflater.deflate(buffer));
            }
            return deflated.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void writeChunk(ByteArrayOutputStream file, String type, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(type.getBytes(StandardCharsets.US_ASCII));
        checksum.update(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        file.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(content);
        file.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}
