package io.reflux.image;

import io.reflux.image.UndecodableImageException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG file whose chunks have been walked: lengths, checksums and order hold, and only what carries pixels is kept.
 *
 * <p>ImageIO believes the lengths that ancillary chunks claim and unpacks their compressed texts and profiles; it is
 * shown none of them.
 */
final class PngImage {
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final int CHUNK_FRAME = 12;
    private static final int HEADER_BYTES = 13;
    private static final int PALETTE = 3;
    private static final Set<String> KEPT_CHUNKS = Set.of("IHDR", "PLTE");

    private final long width;
    private final long height;
    private final int colourType;
    private final byte[] pixelChunks;

    private PngImage(ByteBuffer header, byte[] pixelChunks) {
        this.width = Integer.toUnsignedLong(header.getInt(0));
        this.height = Integer.toUnsignedLong(header.getInt(4));
        this.colourType = header.get(9);
        this.pixelChunks = pixelChunks;
    }

    static PngImage parse(byte[] file) throws UndecodableImageException {
        if (file.length < SIGNATURE.length || !Arrays.equals(file, 0, 8, SIGNATURE, 0, 8)) {
            throw corrupt("it does not start as a PNG file");
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length + CHUNK_FRAME);
        ByteArrayOutputStream pixels = new ByteArrayOutputStream(file.length);
        kept.writeBytes(SIGNATURE);
        int at = SIGNATURE.length;
        boolean palette = false;
        for (String type = ""; !type.equals("IEND"); ) {
            int length = chunkLength(file, at);
            type = chunkType(file, at);
            if ((at == SIGNATURE.length) != type.equals("IHDR") || type.equals("PLTE") && pixels.size() > 0) {
                throw corrupt("chunk " + type + " at byte " + at + " is out of order");
            }
            palette |= at == SIGNATURE.length && length == HEADER_BYTES && file[at + 8 + 9] == PALETTE;
            if (type.equals("IDAT")) {
                pixels.write(file, at + 8, length);
            } else if (KEPT_CHUNKS.contains(type) || palette && type.equals("tRNS")) {
                kept.write(file, at, length + CHUNK_FRAME);
            }
            at += length + CHUNK_FRAME;
        }
        if (chunkLength(file, SIGNATURE.length) != HEADER_BYTES) {
            throw corrupt("its header does not have 13 bytes");
        }
        append(kept, "IDAT", pixels.toByteArray());
        append(kept, "IEND", new byte[0]);
        return new PngImage(ByteBuffer.wrap(file, 16, HEADER_BYTES).slice(), kept.toByteArray());
    }

    /** All pixels go into one chunk: for each one ImageIO takes a buffer of eight kilobytes, even when it is empty. */
    private static void append(ByteArrayOutputStream file, String type, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(content.length + CHUNK_FRAME).putInt(content.length);
        chunk.put(type.getBytes(StandardCharsets.ISO_8859_1)).put(content);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, content.length + 4);
        file.writeBytes(chunk.putInt((int) checksum.getValue()).array());
    }

    DecodedImage decode(long maxPixels) throws UndecodableImageException {
        boolean gray = colourType == 0 || colourType == 4;
        ImageShape shape = ImageDecoder.shape(gray ? 1 : 3, height, width, maxPixels);
        return Rasters.read("png", pixelChunks, shape);
    }

    private static int chunkLength(byte[] file, int at) throws UndecodableImageException {
        int left = file.length - at - CHUNK_FRAME;
        if (left < 0) {
            throw corrupt("it ends at byte " + file.length + " without an IEND chunk");
        }
        int length = ByteBuffer.wrap(file).getInt(at);
        if (length < 0 || length > left) {
            throw corrupt("the chunk at byte " + at + " claims " + Integer.toUnsignedLong(length) + " bytes, " + left
                    + " are left");
        }
        CRC32 checksum = new CRC32();
        checksum.update(file, at + 4, length + 4);
        if ((int) checksum.getValue() != ByteBuffer.wrap(file).getInt(at + 8 + length)) {
            throw corrupt("the checksum of the chunk at byte " + at + " is wrong");
        }
        return length;
    }

    private static String chunkType(byte[] file, int at) {
        return new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
    }

    private static UndecodableImageException corrupt(String why) {
        return new UndecodableImageException(Reason.TRUNCATED_OR_CORRUPT, "the PNG image is damaged: " + why);
    }
}
