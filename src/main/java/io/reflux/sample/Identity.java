package io.reflux.sample;

import java.nio.charset.StandardCharsets;

/**
 * What makes an image the same image when its record arrives again.
 *
 * <p>The text is injective in its parts: each is percent-encoded (RFC 3986, UTF-8) and a slash stands between them.
 * Identities are ordered by their text, which is ASCII, so by its bytes.
 *
 * @param text {@code e/source/id/time} or {@code o/topic/partition/offset}
 */
public record Identity(String text) implements Comparable<Identity> {
    /** The name of the function that {@link #hash} computes, with seed 0, over the text's UTF-8 bytes. */
    public static final String HASH_NAME = "XXH64";

    private static final int PARTS = 3;
    private static final String HEX = "0123456789ABCDEF";

    public Identity {
        if (!isCanonical(text)) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not an identity e/source/id/time or o/topic/partition/offset");
        }
    }

    /** The identity of an event whose producer names it: CloudEvents' source, id and time as they stand. */
    public static Identity ofEvent(String source, String id, String time) {
        return new Identity("e/" + encode(source) + "/" + encode(id) + "/" + encode(time));
    }

    /** The identity of a record without a name of its own: where it stands. */
    public static Identity ofOffset(String topicId, int partition, long offset) {
        return new Identity("o/" + encode(topicId) + "/" + partition + "/" + offset);
    }

    /** XXH64 with seed 0 of the text's UTF-8 bytes. */
    public long hash() {
        return XxHash64.hash(text.getBytes(StandardCharsets.UTF_8), 0);
    }

    @Override
    public int compareTo(Identity other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }

    /** One of the two letters, then three slashes, each before a part of unreserved characters and percent codes. */
    private static boolean isCanonical(String text) {
        if (text.isEmpty() || text.charAt(0) != 'e' && text.charAt(0) != 'o') {
            return false;
        }
        int parts = 0;
        for (int at = 1; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '/') {
                parts++;
            } else if (parts == 0) {
                return false;
            } else if (c == '%') {
                if (at + 2 >= text.length() || !isHex(text.charAt(at + 1)) || !isHex(text.charAt(at + 2))) {
                    return false;
                }
                at += 2;
            } else if (!isUnreserved(c)) {
                return false;
            }
        }
        return parts == PARTS;
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'F';
    }

    private static String encode(String part) {
        if (isUnreserved(part)) {
            return part;
        }
        StringBuilder encoded = new StringBuilder();
        part.codePoints().forEach(point -> {
            if (isUnreserved(point)) {
                encoded.append((char) point);
            } else {
                for (byte unit : utf8(point)) {
                    encoded.append('%').append(HEX.charAt(unit >> 4 & 0xf)).append(HEX.charAt(unit & 0xf));
                }
            }
        });
        return encoded.toString();
    }

    private static boolean isUnreserved(String part) {
        for (int at = 0; at < part.length(); at++) {
            if (!isUnreserved(part.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnreserved(int point) {
        return point >= 'a' && point <= 'z'
                || point >= 'A' && point <= 'Z'
                || point >= '0' && point <= '9'
                || point == '-'
                || point == '.'
                || point == '_'
                || point == '~';
    }

    /** Half a surrogate pair is no character; it still gets bytes of its own, so that no two texts encode alike. */
    private static byte[] utf8(int point) {
        if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
            return new byte[] {(byte) 0xed, (byte) (0x80 | point >> 6 & 0x3f), (byte) (0x80 | point & 0x3f)};
        }
        return Character.toString(point).getBytes(StandardCharsets.UTF_8);
    }
}
