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
    static final int SIDE = 8;

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
        int label = what / feeds.size() % CLASSES;
        boolean own = what % 5 > 0;
        EventIdentity event =
                own ? new EventIdentity("/device/" + what % 7, "image-" + what, START.plusSeconds(what)) : null;
        // a repetition comes from the same device, not always to the same partition
        Integer partition = what == number ? null : number % Installation.PARTITIONS;
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, partition, "device-" + what % 11, pixels(label, what));
        new ImageHeaders(feed, "class-" + label, "application/octet-stream", "1," + SIDE + "," + SIDE, event)
                .entries()
                .forEach(record.headers()::add);
        return number % EACH_BAD == 0 ? spoilt(record, number / EACH_BAD) : record;
    }

    /** Stripes whose slope is the class, under noise: easy to tell apart, and no two alike. */
    private static byte[] pixels(int label, int number) {
        Random random = new Random(number);
        byte[] pixels = new byte[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            int stripe = (i / SIDE + label * (i % SIDE)) % 3 == 0 ? 190 : 60;
            pixels[i] = (byte) (stripe + random.nextInt(80) - 40);
        }
        return pixels;
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
