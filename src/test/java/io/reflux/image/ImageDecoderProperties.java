package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.format.Npy;
import io.reflux.format.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever the bytes are, they are decoded or refused with a reason; nothing else is thrown. */
final class ImageDecoderProperties {
    private static final ImageDecoder DECODER = new ImageDecoder(1 << 16);

    /** A file and the content type it is sent with. */
    record Sent(String contentType, byte[] file) {}

    private static final List<Sent> FILES = List.of(
            png(BufferedImage.TYPE_BYTE_GRAY),
            png(BufferedImage.TYPE_3BYTE_BGR),
            png(BufferedImage.TYPE_4BYTE_ABGR),
            png(BufferedImage.TYPE_BYTE_INDEXED),
            png(BufferedImage.TYPE_USHORT_GRAY),
            jpeg(BufferedImage.TYPE_BYTE_GRAY),
            jpeg(BufferedImage.TYPE_INT_RGB),
            progressive(),
            new Sent("application/x-npy", Npy.encode(Tensor.of(new byte[48], 3, 4, 4))));

    @Provide
    Arbitrary<Sent> files() {
        return Arbitraries.of(FILES);
    }

    @Provide
    Arbitrary<String> contentTypes() {
        return Arbitraries.of("image/png", "image/jpeg", "application/x-npy", "application/octet-stream", "text/plain");
    }

    @Property(tries = 500)
    void anyBytesAreDecodedOrRefused(
            @ForAll("contentTypes") String contentType, @ForAll String shape, @ForAll byte[] bytes) {
        assertDecodedOrRefused(contentType, shape, bytes);
    }

    @Property(tries = 3000)
    void damagedFilesAreDecodedOrRefused(
            @ForAll("files") Sent sent, @ForAll Random random, @ForAll @IntRange(min = 1, max = 12) int changes) {
        byte[] damaged = sent.file.clone();
        for (int i = 0; i < changes; i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }

        assertDecodedOrRefused(sent.contentType, null, damaged);
        repairChecksums(damaged);
        assertDecodedOrRefused(sent.contentType, null, damaged);
    }

    @Property
    void whatIsEncodedIsDecoded(
            @ForAll @IntRange(min = 1, max = 20) int height,
            @ForAll @IntRange(min = 1, max = 20) int width,
            @ForAll boolean colour,
            @ForAll Random random)
            throws IOException {
        ImageShape shape = new ImageShape(colour ? 3 : 1, height, width);
        byte[] pixels = new byte[shape.size()];
        random.nextBytes(pixels);

        assertThat(DECODER.decode("image/png", null, Png.encode(shape, pixels)))
                .isEqualTo(new DecodedImage(shape, pixels));
    }

    private static void assertDecodedOrRefused(String contentType, String shape, byte[] bytes) {
        try {
            DecodedImage image = DECODER.decode(contentType, shape, bytes);
            assertThat(image.pixels()).hasSize(image.shape().size());
        } catch (UndecodableImageException e) {
            assertThat(e.reason()).isNotNull();
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    /** So that damage gets past the checksums of a PNG, into the reader. */
    private static void repairChecksums(byte[] file) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        int at = 8;
        while (at + 12 <= file.length && buffer.getInt(at) >= 0 && buffer.getInt(at) <= file.length - at - 12) {
            CRC32 checksum = new CRC32();
            checksum.update(file, at + 4, buffer.getInt(at) + 4);
            buffer.putInt(at + 8 + buffer.getInt(at), (int) checksum.getValue());
            at += 12 + buffer.getInt(at);
        }
    }

    private static Sent png(int type) {
        return new Sent("image/png", Pictures.write(Pictures.gradient(type, 12, 10), "png"));
    }

    private static Sent jpeg(int type) {
        return new Sent("image/jpeg", Pictures.write(Pictures.gradient(type, 12, 10), "jpeg"));
    }

    private static Sent progressive() {
        try {
            return new Sent(
                    "image/jpeg", Pictures.progressiveJpeg(Pictures.gradient(BufferedImage.TYPE_INT_RGB, 12, 10)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
