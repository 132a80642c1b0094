package io.reflux.intake;

import io.reflux.wire.ImageHeaders;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records that are no images, one of every kind. */
final class BadImages {
    private static final byte[] PIXELS = {1, 2, 3, 4, 5, 6};

    private BadImages() {}

    /** By the reason they are dead-lettered for; the feed takes images of 1,2,3 and 100,000 pixels at most. */
    static Map<String, ProducerRecord<String, byte[]>> byReason(String topic, String feed) {
        Map<String, ProducerRecord<String, byte[]>> bad = new TreeMap<>();
        bad.put("value-null", raw(topic, feed, null));
        bad.put("value-empty", raw(topic, feed, new byte[0]));
        bad.put("shape-invalid", raw(topic, feed, new byte[5]));
        bad.put("undecodable", typed(topic, feed, "image/png", Arrays.copyOf(png(3, 2), 40)));
        bad.put("too-large", typed(topic, feed, "image/png", hugePng()));
        bad.put("shape-mismatch", typed(topic, feed, "image/png", png(4, 4)));
        bad.put("content-type-unknown", typed(topic, feed, "text/plain", PIXELS));
        bad.put("content-type-missing", without(raw(topic, feed, PIXELS), ImageHeaders.CONTENT_TYPE));
        bad.put("label-missing", without(raw(topic, feed, PIXELS), ImageHeaders.LABEL));
        bad.put("label-invalid", with(raw(topic, feed, PIXELS), ImageHeaders.LABEL, new byte[] {(byte) 0xc3}));
        bad.put("feed-invalid", with(raw(topic, feed, PIXELS), ImageHeaders.FEED, new byte[] {(byte) 0xc3}));
        bad.put(
                "identity-invalid",
                with(raw(topic, feed, PIXELS), ImageHeaders.EVENT_TIME, "soon".getBytes(StandardCharsets.UTF_8)));
        return bad;
    }

    private static ProducerRecord<String, byte[]> raw(String topic, String feed, byte @Nullable [] value) {
        return Images.record(topic, Images.headers(feed, "cat", 0), value);
    }

    private static ProducerRecord<String, byte[]> typed(String topic, String feed, String type, byte[] value) {
        return Images.record(topic, new ImageHeaders(feed, "cat", type, null, null), value);
    }

    private static ProducerRecord<String, byte[]> without(ProducerRecord<String, byte[]> record, String header) {
        record.headers().remove(header);
        return record;
    }

    private static ProducerRecord<String, byte[]> with(
            ProducerRecord<String, byte[]> record, String header, byte[] value) {
        record.headers().remove(header).add(header, value);
        return record;
    }

    private static byte[] png(int width, int height) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A small file whose header claims 60,000 × 60,000 pixels. */
    private static byte[] hugePng() {
        byte[] file = png(3, 2);
        ByteBuffer buffer = ByteBuffer.wrap(file);
        buffer.putInt(16, 60_000).putInt(20, 60_000);
        CRC32 crc = new CRC32();
        crc.update(file, 12, 17);
        buffer.putInt(29, (int) crc.getValue());
        return file;
    }
}
