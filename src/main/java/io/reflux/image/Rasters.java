package io.reflux.image;

import io.reflux.image.UndecodableImageException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Unpacks files of a known shape with ImageIO, in memory, into u8 [C,H,W] without any colour conversion. */
final class Rasters {
    private Rasters() {}

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
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
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
        byte[] pixels = new byte[shape.size()];
        boolean indexed = image.getColorModel() instanceof IndexColorModel;
        for (int y = 0; y < shape.height(); y++) {
            for (int x = 0; x < shape.width(); x++) {
                for (int c = 0; c < shape.channels(); c++) {
                    int value =
                            indexed ? indexed(image, x, y, c) : sample(image.getRaster(), x, y, c, shape.channels());
                    pixels[c * shape.plane() + y * shape.width() + x] = (byte) value;
                }
            }
        }
        return pixels;
    }

    private static int indexed(BufferedImage image, int x, int y, int channel) {
        IndexColorModel palette = (IndexColorModel) image.getColorModel();
        int index = image.getRaster().getSample(x, y, 0);
        int colour = palette.getRGB(index);
        return onBlack(colour >> (16 - 8 * channel) & 0xff, colour >>> 24);
    }

    /** Bands beyond the channels are alpha. */
    private static int sample(Raster raster, int x, int y, int channel, int channels) {
        int value = eightBits(raster, x, y, channel);
        return raster.getNumBands() > channels ? onBlack(value, eightBits(raster, x, y, channels)) : value;
    }

    private static int eightBits(Raster raster, int x, int y, int band) {
        int largest = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
        return (raster.getSample(x, y, band) * 255 + largest / 2) / largest;
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
