package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.image.DecodedImage;
import io.reflux.wire.Coordinates;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.Rejection;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The record decoder: from headers and payload to pixels and identity. Whatever stands in a record, it is decoded or
 * rejected, and what is allocated for it, garbage included, is bounded by the limit of pixels and the record's own size.
 */
final class RecordDecoderProperties {
    private static final int PIXELS = 4_096;

    /** ImageIO unpacks at most four samples of 16 bits a pixel, and three bytes of each pixel are handed on. */
    private static final long BYTES_A_PIXEL = 16;

    /** Chunks of a few bytes are each looked at by objects of their own. */
    private static final long BYTES_A_BYTE = 64;

    /** Readers, streams, tables and an exception with its stack, whatever the image. */
    private static final long BYTES_A_RECORD = 256 << 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final FeedSettings SETTINGS = FeedSettings.of(Configurations.of(Map.of()), "any");
    private static final ImageJudge JUDGE = new ImageJudge(PIXELS, "topic");

    private static final List<String> NAMES = List.of(
            ImageHeaders.FEED,
            ImageHeaders.LABEL,
            ImageHeaders.CONTENT_TYPE,
            ImageHeaders.SHAPE,
            ImageHeaders.EVENT_SOURCE,
            ImageHeaders.EVENT_ID,
            ImageHeaders.EVENT_TIME);

    /** What classes allocate when they are loaded is not the records'. */
    @BeforeContainer
    static void warmUp() {
        for (Hostile kind : Hostile.values()) {
            decode(headers(kind.type, "1,2,3"), kind.file(new Random(1)));
        }
    }

    @Provide
    Arbitrary<RecordHeaders> headerSets() {
        Arbitrary<String> names =
                Arbitraries.oneOf(Arbitraries.of(NAMES), Arbitraries.strings().ofMaxLength(20));
        Arbitrary<byte[]> texts =
                Arbitraries.strings().ofMaxLength(600).map(text -> text.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> plausible = Arbitraries.of(
                        "image/png",
                        "application/octet-stream",
                        "1,2,3",
                        "3,9999999,1",
                        "0,0,0",
                        "1,1,6",
                        "2026-01-31T12:00:00Z",
                        "+999999999-12-31T23:59:59Z",
                        "cat",
                        "IMAGE/JPEG; q=1",
                        "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        return names.flatMap(name -> Arbitraries.oneOf(texts, plausible, bytes)
                        .injectNull(0.05)
                        .map(value -> (Header) new RecordHeader(name, value)))
                .list()
                .ofMaxSize(12)
                .map(list -> new RecordHeaders(list.toArray(Header[]::new)));
    }

    @Property(tries = 2000)
    void anyHeadersAreReadOrRejected(@ForAll("headerSets") RecordHeaders headers, @ForAll byte[] value) {
        assertBounded(headers, value);
    }

    @Property(tries = 1000)
    void anyPayloadIsDecodedOrRejected(@ForAll Hostile kind, @ForAll byte[] value, @ForAll String shape) {
        assertBounded(headers(kind.type, shape), value);
    }

    @Property(tries = 1500)
    void hostileFilesAreDecodedOrRejectedWithinTheBudget(
            @ForAll Hostile kind, @ForAll Random random, @ForAll @IntRange(max = 6) int changes) {
        byte[] file = kind.file(random);
        for (int i = 0; i < changes; i++) {
            file[random.nextInt(Math.min(file.length, 200))] = (byte) random.nextInt(256);
        }

        assertBounded(headers(kind.type, null), file);
        if (kind.type.equals("image/png")) {
            repairChecksums(file);
            assertBounded(headers(kind.type, null), file);
        }
    }

    /** Files that claim or hold more than they should; each of at most some hundred kilobytes. */
    enum Hostile {
        /** A stream of zeros, far more than the dimensions need. */
        PNG_BOMB("image/png") {
            @Override
            byte[] file(Random random) {
                return png(1 + random.nextInt(60), 1 + random.nextInt(60), random, zeros(random));
            }
        },
        /** Any dimensions at all over a little picture. */
        PNG_DIMENSIONS("image/png") {
            @Override
            byte[] file(Random random) {
                return png(size(random), size(random), random, zeros(random));
            }
        },
        /** A text and a profile that unpack to megabytes. */
        PNG_TEXT_BOMB("image/png") {
            @Override
            byte[] file(Random random) {
                byte[] text = concatenated("k\0\0".getBytes(StandardCharsets.ISO_8859_1), zeros(random));
                return png(8, 8, random, zeros(random), chunk("zTXt", text), chunk("iCCP", text), chunk("iTXt", text));
            }
        },
        /** Thousands of empty chunks. */
        PNG_CHUNKS("image/png") {
            @Override
            byte[] file(Random random) {
                byte[] empty = chunk(random.nextBoolean() ? "IDAT" : "tEXt", new byte[0]);
                byte[][] chunks = new byte[random.nextInt(4_000)][];
                Arrays.fill(chunks, empty);
                return png(8, 8, random, new byte[0], chunks);
            }
        },
        /** A picture whose frame claims other dimensions, components and sampling. */
        JPEG_DIMENSIONS("image/jpeg") {
            @Override
            byte[] file(Random random) {
                byte[] file = JPEG.clone();
                int frame = find(file, 0xc0);
                ByteBuffer.wrap(file)
                        .putShort(frame + 5, (short) random.nextInt())
                        .putShort(frame + 7, (short) random.nextInt());
                file[frame + 11] = (byte) random.nextInt();
                return file;
            }
        },
        /** The same with the progressive marker, for which readers keep all coefficients. */
        JPEG_PROGRESSIVE("image/jpeg") {
            @Override
            byte[] file(Random random) {
                byte[] file = JPEG_DIMENSIONS.file(random);
                file[find(file, 0xc0) + 1] = (byte) 0xc2;
                return file;
            }
        },
        /** A header that claims any shape and length. */
        NPY("application/x-npy") {
            @Override
            byte[] file(Random random) {
                String sizes = size(random) + ", " + size(random) + (random.nextBoolean() ? ", " + size(random) : "");
                String dict = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + sizes + "), }"
                        + "}\n ".repeat(random.nextInt(2_000));
                byte[] text = dict.getBytes(StandardCharsets.US_ASCII);
                ByteBuffer file = ByteBuffer.allocate(12 + text.length + random.nextInt(100));
                file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0});
                int claimed = random.nextInt(4) == 0 ? random.nextInt() : text.length;
                return file.putInt(Integer.reverseBytes(claimed)).put(text).array();
            }
        },
        /** Dimensions without bytes. */
        RAW("application/octet-stream") {
            @Override
            byte[] file(Random random) {
                return new byte[1 + random.nextInt(3 * PIXELS)];
            }
        };

        private final String type;

        Hostile(String type) {
            this.type = type;
        }

        abstract byte[] file(Random random);
    }

    private static final byte[] JPEG = jpeg();

    private static void assertBounded(RecordHeaders headers, byte[] value) {
        long size = value.length;
        for (Header header : headers) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();

        DecodedImage image = decode(headers, value);

        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated)
                .as("bytes allocated for a record of %d bytes", size)
                .isLessThan(BYTES_A_PIXEL * PIXELS + BYTES_A_BYTE * size + BYTES_A_RECORD);
        if (image != null) {
            assertThat(image.shape().plane()).isLessThanOrEqualTo(PIXELS);
            assertThat(image.pixels()).hasSize(image.shape().size());
        }
    }

    /** As the collector does it; null when the record is rejected. */
    private static @Nullable DecodedImage decode(RecordHeaders headers, byte[] value) {
        try {
            ImageRecord record = ImageRecord.parse(headers, value, new Coordinates("images", 0, 0, 0));
            DecodedImage image = JUDGE.decode(record, SETTINGS);
            assertThat(JUDGE.identity(record).text()).isNotEmpty();
            return image;
        } catch (Rejection rejection) {
            assertThat(rejection.detail()).isNotBlank();
            return null;
        }
    }

    private static RecordHeaders headers(String type, @Nullable String shape) {
        RecordHeaders headers = new RecordHeaders();
        Map<String, String> texts = new HashMap<>(Map.of(ImageHeaders.LABEL, "cat", ImageHeaders.CONTENT_TYPE, type));
        texts.put(ImageHeaders.SHAPE, shape);
        texts.forEach((name, text) -> headers.add(name, text == null ? null : text.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    /** Small, at the limit, or as large as a header can tell. */
    private static int size(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(8);
            case 1 -> 60 + random.nextInt(8);
            case 2 -> random.nextInt(70_000);
            default -> random.nextInt() & Integer.MAX_VALUE;
        };
    }

    /** Deflated zeros, up to a thousand times their size. */
    private static byte[] zeros(Random random) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        deflater.setInput(new byte[random.nextInt(4 << 20)]);
        deflater.finish();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            packed.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return packed.toByteArray();
    }

    private static byte[] png(int width, int height, Random random, byte[] pixels, byte[]... further) {
        int[][] types = {{0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
        int[] type = types[random.nextInt(types.length)];
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) type[1]).put((byte) type[0]).put(12, (byte) (random.nextBoolean() ? 1 : 0));
        return concatenated(
                new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'},
                chunk("IHDR", header.array()),
                chunk("PLTE", new byte[3 * (1 + random.nextInt(255))]),
                concatenated(further),
                chunk("IDAT", pixels),
                chunk("IEND", new byte[0]));
    }

    private static byte[] chunk(String type, byte[] content) {
        ByteBuffer chunk = ByteBuffer.allocate(content.length + 12).putInt(content.length);
        chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
        CRC32 checksum = new CRC32();
        checksum.update(chunk.array(), 4, content.length + 4);
        return chunk.putInt((int) checksum.getValue()).array();
    }

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

    private static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    private static byte[] jpeg() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(16, 12, BufferedImage.TYPE_INT_RGB), "jpeg", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static int find(byte[] file, int marker) {
        for (int i = 0; i + 1 < file.length; i++) {
            if ((file[i] & 0xff) == 0xff && (file[i + 1] & 0xff) == marker) {
                return i;
            }
        }
        throw new IllegalStateException("no marker " + marker);
    }
}
