package io.reflux.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads and checks the headers of one image record. */
final class HeaderReader {
    private static final int LONGEST_EVENT_PART = 500;
    private static final List<String> NAMES = List.of(
            ImageHeaders.LABEL,
            ImageHeaders.CONTENT_TYPE,
            ImageHeaders.SHAPE,
            ImageHeaders.FEED,
            ImageHeaders.EVENT_SOURCE,
            ImageHeaders.EVENT_ID,
            ImageHeaders.EVENT_TIME);

    private final byte[] @Nullable [] values = new byte[NAMES.size()][];

    /** Of several headers with one name the last counts. */
    HeaderReader(Headers headers) {
        for (Header header : headers) {
            int place = NAMES.indexOf(header.key());
            if (place >= 0) {
                values[place] = header.value();
            }
        }
    }

    String feed() throws Rejection {
        String feed = text(ImageHeaders.FEED, Rejection.Reason.FEED_INVALID);
        return feed == null ? ImageHeaders.DEFAULT_FEED : name(feed, ImageHeaders.FEED, Rejection.Reason.FEED_INVALID);
    }

    String label() throws Rejection {
        String label = text(ImageHeaders.LABEL, Rejection.Reason.LABEL_INVALID);
        if (label == null) {
            throw new Rejection(Rejection.Reason.LABEL_MISSING, "the header 'label' is missing");
        }
        return name(label, ImageHeaders.LABEL, Rejection.Reason.LABEL_INVALID);
    }

    String contentType() throws Rejection {
        String type = text(ImageHeaders.CONTENT_TYPE, Rejection.Reason.CONTENT_TYPE_UNKNOWN);
        if (type == null || type.isBlank()) {
            throw new Rejection(Rejection.Reason.CONTENT_TYPE_MISSING, "the header 'content-type' is missing");
        }
        return type.strip();
    }

    @Nullable
    String optional(String header) throws Rejection {
        return text(header, Rejection.Reason.SHAPE_INVALID);
    }

    @Nullable
    EventIdentity event() throws Rejection {
        String source = eventPart(ImageHeaders.EVENT_SOURCE);
        String id = eventPart(ImageHeaders.EVENT_ID);
        String time = eventPart(ImageHeaders.EVENT_TIME);
        return source == null || id == null || time == null ? null : new EventIdentity(source, id, instant(time));
    }

    private @Nullable String eventPart(String header) throws Rejection {
        String value = text(header, Rejection.Reason.IDENTITY_INVALID);
        if (value != null && value.length() > LONGEST_EVENT_PART) {
            throw new Rejection(
                    Rejection.Reason.IDENTITY_INVALID,
                    "the header '" + header + "' has " + value.length() + " characters, more than "
                            + LONGEST_EVENT_PART);
        }
        return value == null || value.isEmpty() ? null : value;
    }

    /** RFC 3339 has years of four digits, so milliseconds since the epoch never overflow. */
    private static Instant instant(String time) throws Rejection {
        try {
            OffsetDateTime parsed = OffsetDateTime.parse(time);
            if (parsed.getYear() >= 0 && parsed.getYear() <= 9999) {
                return parsed.toInstant();
            }
        } catch (DateTimeException e) {
            throw malformedTime(time);
        }
        throw malformedTime(time);
    }

    private static Rejection malformedTime(String time) {
        return new Rejection(
                Rejection.Reason.IDENTITY_INVALID,
                "the header 'ce_time' is '" + time + "', not a timestamp such as 2026-01-31T12:00:00Z");
    }

    private static String name(String value, String header, Rejection.Reason reason) throws Rejection {
        if (value.isBlank()) {
            throw new Rejection(reason, "the header '" + header + "' is blank");
        }
        // no character takes more than three bytes a unit
        if (3 * value.length() <= ImageHeaders.LONGEST_NAME) {
            return value;
        }
        int length = value.getBytes(StandardCharsets.UTF_8).length;
        if (length > ImageHeaders.LONGEST_NAME) {
            throw new Rejection(
                    reason,
                    "the header '" + header + "' has " + length + " bytes, more than " + ImageHeaders.LONGEST_NAME);
        }
        return value;
    }

    private @Nullable String text(String header, Rejection.Reason malformed) throws Rejection {
        byte[] bytes = values[NAMES.indexOf(header)];
        if (bytes == null) {
            return null;
        }
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Rejection(malformed, "the header '" + header + "' is not UTF-8");
        }
    }

    /** Most headers are; a decoder that reports what is malformed costs more than the rest of the record. */
    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
