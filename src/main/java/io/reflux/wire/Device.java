package io.reflux.wire;

import io.reflux.sample.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Who sent an image: the key of its record on the images topic, or the source of its CloudEvent.
 *
 * @param text the name's bytes, percent-encoded as in a {@link Key}; {@code sha-256/} and the digest of that in
 *     hexadecimal where it has more than {@value #LONGEST} characters
 */
public record Device(String text) {
    private static final int LONGEST = 600;
    private static final String DIGEST = "sha-256/";

    /** The device of a record's key. */
    public static Device of(byte[] name) {
        return ofEncoded(Key.encode(name));
    }

    /** The device of a name. */
    public static Device of(String name) {
        return of(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The source of an image whose identity is that of an event. */
    static Optional<Device> sourceOf(Identity identity) {
        String[] parts = identity.text().split("/", -1);
        return parts[0].equals("e") ? Optional.of(ofEncoded(parts[1])) : Optional.empty();
    }

    private static Device ofEncoded(String encoded) {
        return new Device(
                encoded.length() <= LONGEST
                        ? encoded
                        : DIGEST + Sha256.hex(encoded.getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public String toString() {
        return text;
    }
}
