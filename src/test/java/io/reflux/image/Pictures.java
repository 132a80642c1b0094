package io.reflux.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Image files for tests, written by ImageIO or by hand. */
final class Pictures {
    private Pictures() {}

    static byte[] write(BufferedImage image, String format) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, file)) {
                throw new IllegalStateException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    static byte[] progressiveJpeg(BufferedImage image) throws IOException {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
        ImageWriter writer = writers.next();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        writer.setOutput(ImageIO.createImageOutputStream(file));
        writer.write(null, new IIOImage(image, null, null), parameters);
        ((ImageOutputStream) writer.getOutput()).close();
        writer.dispose();
        return file.toByteArray();
    }

    /** A smooth picture, which JPEG keeps well; its colours differ by channel. */
    static BufferedImage gradient(int type, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < image.getRaster().getNumBands(); band++) {
                    int largest = (1 << image.getRaster().getSampleModel().getSampleSize(band)) - 1;
                    image.getRaster()
                            .setSample(x, y, band, (int) ((long) largest * (x + y + 3 * band) / (width + height + 9)));
                }
            }
        }
        return image;
    }

    /** A PNG file of these chunks, each a name of four letters and its content. */
    static byte[] png(Object... chunks) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(PngImage.SIGNATURE);
        for (int i = 0; i < chunks.length; i += 2) {
            byte[] type = ((String) chunks[i]).getBytes(StandardCharsets.US_ASCII);
            byte[] content = (byte[]) chunks[i + 1];
            CRC32 checksum = new CRC32();
            checksum.update(type);
            checksum.update(content);
            file.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
            file.writeBytes(type);
            file.writeBytes(content);
            file.writeBytes(
                    ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
        }
        return file.toByteArray();
    }

    static byte[] pngHeader(int width, int height, int depth, int colourType) {
        return ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) depth)
                .put((byte) colourType)
                .array();
    }

    /** The file up to its end, with these bytes put in at a place. */
    static byte[] insert(byte[] file, int at, byte[] inserted) {
        byte[] longer = Arrays.copyOf(file, file.length + inserted.length);
        System.arraycopy(inserted, 0, longer, at, inserted.length);
        System.arraycopy(file, at, longer, at + inserted.length, file.length - at);
        return longer;
    }
}
