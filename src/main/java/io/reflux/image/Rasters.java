package io.reflux.image;

import io.reflux.image.UndecodableImageException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Unpacks files of a known shape with ImageIO, in memory, into u8 [C,H,W] without any colour conversion. */
final class Rasters {
    /** Looked up once: searching the registry costs as much as unpacking a small image. */
    private static final Map<String, ImageReaderSpi> READERS = Map.of("png", reader("png"), "jpeg", reader("jpeg"));

    private Rasters() {}

    private static ImageReaderSpi reader(String format) {
        return ImageIO.getImageReadersByFormatName(format).next().getOriginatingProvider();
    }

    static DecodedImage read(String format, byte[] file, ImageShape shape) throws UndecodableImageException {
        try {
            BufferedImage image = unpack(format, file);
            if (image.getHeight() != shape.height() || image.getWidth() != shape.width()) {
                throw new IOException("its size is not the one its header tells");
            }
            return new DecodedImage(shape, pixels(image, shape));
        } catch (IOException | RuntimeException e) {
            // ImageIO's readers answer damaged files with any exception, from IIOException to ArrayIndexOutOfBounds.
            throw new UndecodableImageException(
                    Reason.TRUNCATED_OR_CORRUPT, "the " + format + " image is damaged: " + e.getMessage(), e);
        }
    }

    private static BufferedImage unpack(String format, byte[] file) throws IOException {
        ImageReader reader = Objects.requireNonNull(READERS.get(format), format).createReaderInstance();
        Warnings warnings = new Warnings();
        try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.addIIOReadWarningListener(warnings);
            reader.setInput(input, true, true);
            BufferedImage image = reader.read(0);
            if (!warnings.first.isEmpty()) {
                // A truncated JPEG is completed with gray and only a warning.
                throw new IOException(warnings.first);
            }
            return image;
        } finally {
            reader.dispose();
        }
    }

    private static byte[] pixels(BufferedImage image, ImageShape shape) {
        return image.getColorModel() instanceof IndexColorModel palette
                ? painted(image.getRaster(), palette, shape)
                : sampled(image.getRaster(), shape);
    }

    private static byte[] painted(Raster raster, IndexColorModel palette, ImageShape shape) {
        int[] indices = raster.getSamples(0, 0, shape.width(), shape.height(), 0, (int[]) null);
        byte[] pixels = new byte[shape.size()];
        for (int at = 0; at < indices.length; at++) {
            int colour = palette.getRGB(indices[at]);
            for (int c = 0; c < shape.channels(); c++) {
                pixels[c * shape.plane() + at] = (byte) onBlack(colour >> (16 - 8 * c) & 0xff, colour >>> 24);
            }
        }
        return pixels;
    }

    /** Bands beyond the channels are alpha. */
    private static byte[] sampled(Raster raster, ImageShape shape) {
        int[] alpha = raster.getNumBands() > shape.channels() ? band(raster, shape.channels(), shape) : null;
        byte[] pixels = new byte[shape.size()];
        for (int c = 0; c < shape.channels(); c++) {
            int[] band = band(raster, c, shape);
            for (int at = 0; at < band.length; at++) {
                pixels[c * shape.plane() + at] = (byte) (alpha == null ? band[at] : onBlack(band[at], alpha[at]));
            }
        }
        return pixels;
    }

    /** One band, of eight bits. */
    private static int[] band(Raster raster, int band, ImageShape shape) {
        int[] samples = raster.getSamples(0, 0, shape.width(), shape.height(), band, (int[]) null);
        int largest = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
        if (largest != 255) {
            for (int at = 0; at < samples.length; at++) {
                samples[at] = (samples[at] * 255 + largest / 2) / largest;
            }
        }
        return samples;
    }

    private static int onBlack(int value, int alpha) {
        return (value * alpha + 127) / 255;
    }

    private static final class Warnings implements IIOReadWarningListener {
        private String first = "";

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            if (first.isEmpty()) {
                first = warning;
            }
        }
    }
}
