package io.reflux.intake;

import io.reflux.image.DecodedImage;
import io.reflux.wire.Coordinates;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.Rejection;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way through the intake: read, given its feed's counts and settings, unpacked, decided about. Whatever
 * is wrong with it is kept until it is decided about, so that it is counted in the order of its partition.
 */
final class ReceivedImage {
    private final ConsumerRecord<byte @Nullable [], byte @Nullable []> record;
    private final String feed;
    private @Nullable ImageRecord image;
    private @Nullable Rejection rejection;
    private @Nullable Tally tally;
    private @Nullable FeedIntake intake;
    private @Nullable DecodedImage pixels;

    ReceivedImage(ConsumerRecord<byte @Nullable [], byte @Nullable []> record) {
        this.record = record;
        try {
            image = ImageRecord.parse(record.headers(), record.value(), coordinates(record));
        } catch (Rejection e) {
            rejection = e;
        }
        this.feed = image == null ? ImageHeaders.feedOf(record.headers()) : image.feed();
    }

    ConsumerRecord<byte @Nullable [], byte @Nullable []> record() {
        return record;
    }

    /** The feed it names, however broken the rest of it is. */
    String feed() {
        return feed;
    }

    /** Whether its headers are in order and there are bytes to unpack. */
    boolean isReadable() {
        return image != null;
    }

    void count(Tally counts) {
        tally = counts;
    }

    Tally tally() {
        return Objects.requireNonNull(tally);
    }

    /** Whether it has been counted before. */
    boolean isCounted() {
        return tally().covers(record.offset());
    }

    void settle(FeedIntake feed) {
        intake = feed;
    }

    /** Its own feed, under whose settings it is judged. */
    FeedIntake intake() {
        return Objects.requireNonNull(intake);
    }

    /** The headers and bytes, unless they are what is wrong. */
    ImageRecord image() throws Rejection {
        if (rejection != null) {
            throw rejection;
        }
        return Objects.requireNonNull(image);
    }

    /** Whether unpacking it is work for more than one thread. */
    boolean isCompressed() {
        return image != null && image.headers().contentType().startsWith("image/");
    }

    /** Unpacks it and checks what it shows; on any thread, once. */
    void unpack(ImageJudge judge) {
        if (image != null) {
            try {
                pixels = judge.decode(image, intake().settings());
            } catch (Rejection e) {
                rejection = e;
            }
        }
    }

    /** What it shows. */
    DecodedImage pixels() throws Rejection {
        if (rejection != null) {
            throw rejection;
        }
        return Objects.requireNonNull(pixels);
    }

    private static Coordinates coordinates(ConsumerRecord<?, ?> record) {
        return new Coordinates(record.topic(), record.partition(), record.offset(), Math.max(0, record.timestamp()));
    }
}
