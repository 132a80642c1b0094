package io.reflux.wire;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, or shall happen, to a round: a CloudEvents 1.0 event in structured JSON on {@code rounds}.
 *
 * @param id of the event
 * @param type what happened
 * @param feed the round's feed, also the record's key
 * @param round id of the round
 * @param time it happened
 * @param detail beyond the type
 */
public record RoundEvent(String id, Type type, String feed, String round, Instant time, RoundDetail detail) {
    /** Value of the record's {@code content-type} header. */
    public static final String CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8";

    /** Names the version of the data; see {@code FormatVersion} for the rule. */
    private static final String SCHEMA = "urn:reflux:round:1";

    private static final String TYPE_PREFIX = "io.reflux.round.";

    /** The kinds of events; those that end in "requested" are inputs to the feed's owner. */
    public enum Type {
        REQUESTED,
        CANCEL_REQUESTED,
        PIN_REQUESTED,
        UNPIN_REQUESTED,
        ROLLBACK_REQUESTED,
        STARTED,
        PROGRESS,
        FINISHED,
        REFUSED,
        CANCELLED,
        FAILED,
        PINNED,
        UNPINNED,
        ROLLED_BACK,
        DECLINED;

        /** Lower case with hyphens. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether a round is over with it. */
        public boolean ends() {
            return this == FINISHED || this == REFUSED || this == CANCELLED || this == FAILED;
        }

        /** Whether it asks something of a generation; {@code round} then names the request. */
        public boolean asksOfGeneration() {
            return this == PIN_REQUESTED || this == UNPIN_REQUESTED || this == ROLLBACK_REQUESTED;
        }

        /** Whether it answers what was asked of a generation. */
        public boolean answers() {
            return this == PINNED || this == UNPINNED || this == ROLLED_BACK || this == DECLINED;
        }

        static Type named(String text) throws WireException {
            return Arrays.stream(values())
                    .filter(type -> text.equals(TYPE_PREFIX + type.text()))
                    .findFirst()
                    .orElseThrow(() -> new WireException("a round event has the unknown type '" + text + "'"));
        }
    }

    public static RoundEvent of(Type type, String feed, String round, Instant time, RoundDetail detail) {
        return new RoundEvent(UUID.randomUUID().toString(), type, feed, round, time, detail);
    }

    public Key key() {
        return Key.of(feed);
    }

    public byte[] toBytes() {
        return Json.write(new CloudEvent(
                "1.0",
                id,
                "/reflux/feeds/" + Key.of(feed).text(),
                TYPE_PREFIX + type.text(),
                round,
                time,
                "application/json",
                SCHEMA,
                feed,
                round,
                detail));
    }

    /** @throws WireException when the bytes are no round event this version reads */
    public static RoundEvent fromBytes(byte[] json) throws WireException {
        CloudEvent envelope = Json.read(json, CloudEvent.class);
        FormatVersion.require(envelope.dataschema(), SCHEMA);
        if (envelope.type() == null
                || envelope.id() == null
                || envelope.time() == null
                || envelope.feed() == null
                || envelope.round() == null) {
            throw new WireException("a round event lacks its id, type, time, feed or round");
        }
        return new RoundEvent(
                envelope.id(),
                Type.named(envelope.type()),
                envelope.feed(),
                envelope.round(),
                envelope.time(),
                envelope.data() == null ? RoundDetail.NONE : envelope.data());
    }

    /** CloudEvents context attributes; feed and round are extension attributes. */
    record CloudEvent(
            String specversion,
            @Nullable String id,
            String source,
            @Nullable String type,
            String subject,
            @Nullable Instant time,
            String datacontenttype,
            @Nullable String dataschema,
            @Nullable String feed,
            @Nullable String round,
            @Nullable RoundDetail data) {}
}
