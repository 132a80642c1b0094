package io.reflux.wire;

import java.util.Locale;

/** A record that cannot be taken as an image, and why. */
public final class Rejection extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_DETAIL = 500;

    /** The kinds of bad records; their names are part of the wire format and of the metrics. */
    public enum Reason {
        /** The value is null. */
        VALUE_NULL,
        /** The value has no bytes. */
        VALUE_EMPTY,
        /** No label header. */
        LABEL_MISSING,
        /** The label is not UTF-8, blank, or too long. */
        LABEL_INVALID,
        /** The feed header is not UTF-8, blank, or too long. */
        FEED_INVALID,
        /** The feed is not among the allowed ones. */
        FEED_NOT_ALLOWED,
        /** More feeds than {@code reflux.limits.feeds}. */
        FEED_LIMIT,
        /** The label is not among the classes declared for the feed. */
        CLASS_NOT_DECLARED,
        /** No content type header. */
        CONTENT_TYPE_MISSING,
        /** A content type that is not read. */
        CONTENT_TYPE_UNKNOWN,
        /** The shape header is missing for raw pixels, or malformed. */
        SHAPE_INVALID,
        /** The image's shape is not the one declared for the feed. */
        SHAPE_MISMATCH,
        /** More pixels than {@code reflux.limits.pixels}, or more than fit into a record. */
        TOO_LARGE,
        /** A CloudEvents source or id is not UTF-8 or too long, or the time is not a timestamp of RFC 3339. */
        IDENTITY_INVALID,
        /** The bytes are not an image of their content type. */
        UNDECODABLE;

        /** Lower case with hyphens, as in the dead-letter header and the metrics. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    /** @param detail one sentence naming what was wrong; cut after 500 characters */
    public Rejection(Reason reason, String detail) {
        super(detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…");
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What was wrong, one sentence. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
