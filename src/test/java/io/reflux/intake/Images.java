package io.reflux.intake;

import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Image records as a device sends them: raw 1×2×3 pixels with an identity from their number. */
final class Images {
    static final String SHAPE = "1,2,3";
    static final int SIZE = 6;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Images() {}

    static List<ProducerRecord<String, byte[]>> many(String topic, String feed, int count) {
        return IntStream.range(0, count).mapToObj(i -> one(topic, feed, i)).toList();
    }

    static ProducerRecord<String, byte[]> one(String topic, String feed, int number) {
        byte[] pixels = new byte[SIZE];
        new Random(number).nextBytes(pixels);
        return record(topic, headers(feed, "class-" + number % 3, number), pixels);
    }

    static ImageHeaders headers(String feed, String label, int number) {
        EventIdentity event = new EventIdentity("/test/" + feed, "image-" + number, START.plusSeconds(number));
        return new ImageHeaders(feed, label, "application/octet-stream", SHAPE, event);
    }

    static ProducerRecord<String, byte[]> record(String topic, ImageHeaders headers, byte @Nullable [] value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, "device", value);
        headers.entries().forEach(record.headers()::add);
        return record;
    }
}
