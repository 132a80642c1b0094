package io.reflux.wire;

import java.time.Instant;

/**
 * Keeps a generation on the topic however many follow. Stands on {@code distilled} under {@code feed/pin/generation}.
 *
 * @param format {@value #FORMAT}
 * @param generation that stays
 * @param time it was pinned
 */
public record Pin(String format, String feed, long generation, Instant time) {
    public static final String FORMAT = "reflux-pin/1";

    /** The second part of a pin's key. */
    public static final String KIND = "pin";

    public static Pin of(String feed, long generation, Instant time) {
        return new Pin(FORMAT, feed, generation, time);
    }

    public Key key() {
        return key(feed, generation);
    }

    public static Key key(String feed, long generation) {
        return Key.of(feed, KIND, Long.toString(generation));
    }

    public byte[] toBytes() {
        return Json.write(this);
    }

    /** @throws WireException when the bytes are no pin this version reads */
    public static Pin fromBytes(byte[] json) throws WireException {
        Pin pin = Json.read(json, Pin.class);
        FormatVersion.require(pin.format(), FORMAT);
        return pin;
    }
}
