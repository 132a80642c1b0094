package io.reflux.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an image record. Those of CloudEvents (binary mode of the Kafka binding) are honoured when source, id
 * and time are all present, and never required.
 *
 * @param feed the stream of images this one belongs to
 * @param label its class
 * @param contentType one of {@code image/png}, {@code image/jpeg}, {@code application/x-npy},
 *     {@code application/octet-stream}
 * @param shape {@code C,H,W} of raw pixels
 * @param event what tells the image from every other; null to take its place in the topic
 */
public record ImageHeaders(
        String feed,
        String label,
        String contentType,
        @Nullable String shape,
        @Nullable EventIdentity event) {
    public static final String FEED = "feed";
    public static final String LABEL = "label";
    public static final String CONTENT_TYPE = "content-type";
    public static final String SHAPE = "shape";
    public static final String EVENT_SOURCE = "ce_source";
    public static final String EVENT_ID = "ce_id";
    public static final String EVENT_TIME = "ce_time";

    /** The feed of a record without a feed header. */
    public static final String DEFAULT_FEED = "default";

    /** UTF-8 bytes a feed or a label may have. */
    public static final int LONGEST_NAME = 200;

    /**
     * Reads the headers of a record; of several with one name the last counts.
     *
     * @throws Rejection when a header is missing or malformed
     */
    public static ImageHeaders parse(Headers headers) throws Rejection {
        HeaderReader reader = new HeaderReader(headers);
        return new ImageHeaders(
                reader.feed(), reader.label(), reader.contentType(), reader.optional(SHAPE), reader.event());
    }

    /** The feed of a record however broken: its feed header when that can be read, else {@link #DEFAULT_FEED}. */
    public static String feedOf(Headers headers) {
        try {
            return new HeaderReader(headers).feed();
        } catch (Rejection e) {
            return DEFAULT_FEED;
        }
    }

    /** The headers for a producer, in UTF-8. */
    public Map<String, byte[]> entries() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        put(entries, FEED, feed);
        put(entries, LABEL, label);
        put(entries, CONTENT_TYPE, contentType);
        if (shape != null) {
            put(entries, SHAPE, shape);
        }
        if (event != null) {
            put(entries, EVENT_SOURCE, event.source());
            put(entries, EVENT_ID, event.id());
            put(entries, EVENT_TIME, event.time().toString());
        }
        return entries;
    }

    private static void put(Map<String, byte[]> entries, String name, String value) {
        entries.put(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
