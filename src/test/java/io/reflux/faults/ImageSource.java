package io.reflux.faults;

import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What devices send, by number: raw images of several feeds, some of them sent twice, some without an event of their
 * own, and now and then a record that is no image.
 */
final class ImageSource {
    /** Side of an image. */
    static final int SIDE = 4;

    private static final int PIXELS = SIDE * SIDE;
    private static final int CLASSES = 3;
    private static final int EACH_BAD = 47;
    private static final int EACH_TWICE = 41;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final String topic;
    private final List<String> feeds;

    ImageSource(String topic, List<String> feeds) {
        this.topic = topic;
        this.feeds = List.copyOf(feeds);
    }

    ProducerRecord<String, byte[]> record(int number) {
        int what = number % EACH_TWICE == 0 && number > 0 ? number - 1 : number;
        String feed = feeds.get(what % feeds.size());
        String label = "class-" + what / feeds.size() % CLASSES;
        byte[] pixels = new byte[PIXELS];
        new Random(what).nextBytes(pixels);
        boolean own = what % 5 > 0;
        EventIdentity event =
                own ? new EventIdentity("/device/" + what % 7, "image-" + what, START.plusSeconds(what)) : null;
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, "device-" + number % 11, pixels);
        new ImageHeaders(feed, label, "application/octet-stream", "1," + SIDE + "," + SIDE, event)
                .entries()
                .forEach(record.headers()::add);
        return number % EACH_BAD == 0 ? spoilt(record, number / EACH_BAD) : record;
    }

    private static ProducerRecord<String, byte[]> spoilt(ProducerRecord<String, byte[]> record, int way) {
        return switch (way % 3) {
            case 0 -> {
                record.headers().remove(ImageHeaders.LABEL);
                yield record;
            }
            case 1 -> with(record, new byte[0]);
            default -> with(record, "no image".getBytes(StandardCharsets.UTF_8));
        };
    }

    private static ProducerRecord<String, byte[]> with(ProducerRecord<String, byte[]> record, byte[] value) {
        return new ProducerRecord<>(record.topic(), null, record.key(), value, record.headers());
    }
}
