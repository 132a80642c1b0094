package io.reflux.wire;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record of the images topic whose headers are in order; the bytes are not yet decoded.
 *
 * @param headers what the producer said of the image
 * @param at where the record was read
 * @param bytes the encoded image, at least one byte
 */
public record ImageRecord(ImageHeaders headers, Coordinates at, byte[] bytes) {
    /**
     * Checks a record as it was received.
     *
     * @throws Rejection when the value is null or empty, or a header is missing or malformed
     */
    public static ImageRecord parse(Headers headers, byte @Nullable [] value, Coordinates at) throws Rejection {
        if (value == null) {
            throw new Rejection(Rejection.Reason.VALUE_NULL, "the record has no value");
        }
        if (value.length == 0) {
            throw new Rejection(Rejection.Reason.VALUE_EMPTY, "the record's value has no bytes");
        }
        return new ImageRecord(ImageHeaders.parse(headers), at, value);
    }

    public String feed() {
        return headers.feed();
    }

    public String label() {
        return headers.label();
    }

    /**
     * When the image was taken, milliseconds since the epoch: the event's time, at most {@code skew} milliseconds after
     * the record's timestamp; without an event the record's timestamp.
     */
    public long time(long skew) {
        EventIdentity event = headers.event();
        return event == null ? at.timestamp() : Math.min(event.time().toEpochMilli(), at.timestamp() + skew);
    }
}
