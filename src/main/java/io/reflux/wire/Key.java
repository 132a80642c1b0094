package io.reflux.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A record key of several parts: each percent-encoded as UTF-8 (RFC 3986, everything but its unreserved characters),
 * joined by {@code /}. Equal parts give equal bytes, which is what compaction compares.
 *
 * @param parts at least one; a part may be empty
 */
public record Key(List<String> parts) {
    private static final String HEX = "0123456789ABCDEF";

    public Key {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a key needs at least one part");
        }
    }

    public static Key of(String... parts) {
        return new Key(Arrays.asList(parts));
    }

    /**
     * Reads what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException naming the text, when a percent sign is not followed by two hexadecimal digits
     *     or a part is not UTF-8
     */
    public static Key parse(String text) {
        return new Key(Arrays.stream(text.split("/", -1)).map(Key::decode).toList());
    }

    /** The key in text form, pure ASCII. */
    public String text() {
        return parts.stream()
                .map(part -> encode(part.getBytes(StandardCharsets.UTF_8)))
                .collect(Collectors.joining("/"));
    }

    public String part(int index) {
        return parts.get(index);
    }

    public int size() {
        return parts.size();
    }

    @Override
    public String toString() {
        return text();
    }

    static String encode(byte[] part) {
        StringBuilder text = new StringBuilder(part.length + 8);
        for (byte b : part) {
            if (isUnreserved(b)) {
                text.append((char) b);
            } else {
                text.append('%').append(HEX.charAt((b >> 4) & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return text.toString();
    }

    private static boolean isUnreserved(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }

    private static String decode(String part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '%') {
                bytes.write(16 * digit(part, i + 1) + digit(part, i + 2));
                i += 2;
            } else if (c < 128) {
                bytes.write(c);
            } else {
                throw new IllegalArgumentException("key part '" + part + "' has a character that is not encoded");
            }
        }
        return utf8(bytes.toByteArray(), part);
    }

    private static int digit(String part, int index) {
        int value = index < part.length() ? Character.digit(part.charAt(index), 16) : -1;
        if (value < 0 || part.charAt(index) > 127) {
            throw new IllegalArgumentException("key part '" + part + "' has an incomplete percent code");
        }
        return value;
    }

    private static String utf8(byte[] bytes, String part) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("key part '" + part + "' is not UTF-8", e);
        }
    }
}
