package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.reflux.format.Npy;
import io.reflux.format.Tensor;
import io.reflux.image.UndecodableImageException.Reason;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageDecoderTest {
    private static final ImageDecoder DECODER = new ImageDecoder(1 << 20);
    private static final byte[] NOTHING = {};

    @Test
    void readsRawPixels() throws IOException {
        DecodedImage image = DECODER.decode("application/octet-stream", "1,2,3", new byte[] {1, 2, 3, 4, 5, 6});

        assertThat(image).isEqualTo(new DecodedImage(new ImageShape(1, 2, 3), new byte[] {1, 2, 3, 4, 5, 6}));
    }

    @Test
    void readsArraysWithAndWithoutAChannelAxis() throws IOException {
        byte[] flat = Npy.encode(Tensor.of(new byte[6], 2, 3));
        byte[] colour = Npy.encode(Tensor.of(new byte[18], 3, 2, 3));

        assertThat(DECODER.decode("application/x-npy", null, flat).shape()).isEqualTo(new ImageShape(1, 2, 3));
        assertThat(DECODER.decode("application/x-npy", null, colour).shape()).isEqualTo(new ImageShape(3, 2, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "IMAGE/PNG", " image/png ; q=1", "image/png;charset=x"})
    void toleratesCaseAndParametersOfContentTypes(String contentType) throws IOException {
        byte[] file = Png.encode(new ImageShape(1, 1, 2), new byte[] {1, 2});

        assertThat(DECODER.decode(contentType, null, file).pixels()).containsExactly(1, 2);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_4BYTE_ABGR
            })
    void readsWhatImageIoWrites(int type) throws IOException {
        BufferedImage picture = Pictures.gradient(type, 9, 7);

        DecodedImage image = DECODER.decode("image/png", null, Pictures.write(picture, "png"));

        boolean gray = picture.getRaster().getNumBands() == 1;
        assertThat(image.shape()).isEqualTo(new ImageShape(gray ? 1 : 3, 7, 9));
        int largest = (1 << picture.getRaster().getSampleModel().getSampleSize(0)) - 1;
        for (int y = 0; y < 7; y++) {
            for (int x = 0; x < 9; x++) {
                double alpha = picture.getRaster().getNumBands() < 4
                        ? 1
                        : picture.getRaster().getSample(x, y, 3) / 255.0;
                double expected = picture.getRaster().getSample(x, y, 0) * 255.0 / largest * alpha;
                assertThat((double) (image.pixels()[y * 9 + x] & 0xff)).isBetween(expected - 0.51, expected + 0.51);
            }
        }
    }

    @Test
    void putsAPaletteWithAlphaOnBlack() throws IOException {
        byte[] file = Pictures.png(
                "IHDR",
                Pictures.pngHeader(2, 1, 8, 3),
                "PLTE",
                new byte[] {100, 0, 50, 10, 20, 30},
                "tRNS",
                new byte[] {(byte) 128},
                "IDAT",
                deflated(0, 0, 1),
                "IEND",
                NOTHING);

        assertThat(DECODER.decode("image/png", null, file).pixels()).containsExactly(50, 10, 0, 20, 25, 30);
    }

    @Test
    void dropsAlphaOfGrayToOneChannel() throws IOException {
        byte[] file = Pictures.png(
                "IHDR", Pictures.pngHeader(2, 1, 8, 4), "IDAT", deflated(0, 80, 255, 80, 128), "IEND", NOTHING);

        assertThat(DECODER.decode("image/png", null, file))
                .isEqualTo(new DecodedImage(new ImageShape(1, 1, 2), new byte[] {80, 40}));
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    void readsJpegsNearlyAsTheyWere(boolean gray, boolean progressive) throws IOException {
        BufferedImage picture =
                Pictures.gradient(gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB, 40, 24);
        byte[] file = progressive ? Pictures.progressiveJpeg(picture) : Pictures.write(picture, "jpeg");

        DecodedImage image = DECODER.decode("image/jpeg", null, file);

        assertThat(image.shape()).isEqualTo(new ImageShape(gray ? 1 : 3, 24, 40));
        for (int c = 0; c < image.shape().channels(); c++) {
            for (int x = 0; x < 40; x++) {
                assertThat(image.pixels()[c * 960 + 480 + x] & 0xff)
                        .isBetween(
                                picture.getRaster().getSample(x, 12, c) - 16,
                                picture.getRaster().getSample(x, 12, c) + 16);
            }
        }
    }

    @Test
    void refusesAPngThatClaimsBillionsOfPixels() {
        byte[] file = Pictures.png(
                "IHDR", Pictures.pngHeader(60_000, 60_000, 8, 2), "IDAT", deflated(0, 1, 2), "IEND", NOTHING);

        assertThat(reason("image/png", null, file)).isEqualTo(Reason.TOO_MANY_PIXELS);
        byte[] wider =
                Pictures.png("IHDR", Pictures.pngHeader(-1, 1, 8, 2), "IDAT", deflated(0, 1, 2), "IEND", NOTHING);
        assertThat(reason("image/png", null, wider)).isEqualTo(Reason.TOO_MANY_PIXELS);
    }

    @Test
    void refusesAJpegThatClaimsBillionsOfPixels() {
        byte[] file = Pictures.write(Pictures.gradient(BufferedImage.TYPE_BYTE_GRAY, 8, 8), "jpeg");
        for (int at = 0; at < file.length - 9; at++) {
            if ((file[at] & 0xff) == 0xff && (file[at + 1] & 0xff) == 0xc0) {
                Arrays.fill(file, at + 5, at + 9, (byte) 0xff);
                break;
            }
        }

        assertThat(reason("image/jpeg", null, file)).isEqualTo(Reason.TOO_MANY_PIXELS);
    }

    @Test
    void theLimitCountsPixels() throws IOException {
        byte[] file = Png.encode(new ImageShape(3, 4, 5), new byte[60]);

        assertThat(new ImageDecoder(20).decode("image/png", null, file).pixels())
                .hasSize(60);
        UndecodableImageException refused = catchThrowableOfType(
                UndecodableImageException.class, () -> new ImageDecoder(19).decode("image/png", null, file));
        assertThat(refused.reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
        assertThat(refused).hasMessageContaining("4 × 5").hasMessageContaining("19");
    }

    @Test
    void saysWhyAnImageIsRefused() {
        byte[] floats = Npy.encode(Tensor.of(new float[6], 2, 3));
        byte[] channelsLast = Npy.encode(Tensor.of(new byte[18], 2, 3, 3));
        byte[] line = Npy.encode(Tensor.of(new byte[3], 3));
        byte[] empty = Npy.encode(Tensor.of(NOTHING, 0, 3));

        assertThat(reason("image/png", null, NOTHING)).isEqualTo(Reason.EMPTY);
        assertThat(reason(null, null, new byte[1])).isEqualTo(Reason.UNKNOWN_CONTENT_TYPE);
        assertThat(reason("image/gif", null, new byte[1])).isEqualTo(Reason.UNKNOWN_CONTENT_TYPE);
        assertThat(reason("application/octet-stream", null, new byte[1])).isEqualTo(Reason.MISSING_SHAPE);
        assertThat(reason("application/octet-stream", "28x28", new byte[1])).isEqualTo(Reason.WRONG_SHAPE);
        assertThat(reason("application/octet-stream", "1,2,3", new byte[5])).isEqualTo(Reason.WRONG_SHAPE);
        assertThat(reason("application/octet-stream", "1,9999,9999", new byte[5]))
                .isEqualTo(Reason.TOO_MANY_PIXELS);
        assertThat(reason("application/x-npy", null, floats)).isEqualTo(Reason.WRONG_TYPE);
        assertThat(reason("application/x-npy", null, line)).isEqualTo(Reason.WRONG_SHAPE);
        assertThat(reason("application/x-npy", null, empty)).isEqualTo(Reason.WRONG_SHAPE);
        assertThat(reason("application/x-npy", null, channelsLast)).isEqualTo(Reason.UNSUPPORTED_CHANNELS);
        assertThat(reason("image/png", null, floats)).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
        assertThat(reason("image/jpeg", null, floats)).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg", "npy"})
    void everyTruncationIsRefused(String format) {
        byte[] whole = format.equals("npy")
                ? Npy.encode(Tensor.of(new byte[64], 8, 8))
                : Pictures.write(Pictures.gradient(BufferedImage.TYPE_INT_RGB, 8, 8), format);
        String contentType = format.equals("npy") ? "application/x-npy" : "image/" + format;

        for (int length = 1; length < whole.length; length++) {
            assertThat(reason(contentType, null, Arrays.copyOf(whole, length))).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
        }
    }

    @Test
    void ignoresPngTextsThatClaimGigabytes() throws IOException {
        byte[] file = Png.encode(new ImageShape(1, 1, 1), new byte[] {7});
        byte[] claim = {0x7f, (byte) 0xff, 0, 0, 't', 'E', 'X', 't', 0, 0, 0, 0};
        byte[] text = Pictures.png("iCCP", "profile".getBytes(StandardCharsets.US_ASCII));

        assertThat(reason("image/png", null, Pictures.insert(file, 33, claim))).isEqualTo(Reason.TRUNCATED_OR_CORRUPT);
        assertThat(DECODER.decode(
                                "image/png", null, Pictures.insert(file, 33, Arrays.copyOfRange(text, 8, text.length)))
                        .pixels())
                .containsExactly(7);
    }

    private static Reason reason(String contentType, String shape, byte[] payload) {
        UndecodableImageException refused = catchThrowableOfType(
                UndecodableImageException.class, () -> DECODER.decode(contentType, shape, payload));
        assertThat(refused)
                .as("bytes that are no image are refused")
                .isNotNull()
                .hasMessageMatching("(?s).+");
        return refused.reason();
    }

    /** A line of PNG data: its filter type and samples. */
    private static byte[] deflated(int... bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            for (int value : bytes) {
                deflater.write(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
