package io.reflux.wire;

/**
 * Which generation of a feed is current. Stands on {@code distilled} under {@code feed}.
 *
 * @param format {@value #FORMAT}
 * @param manifest SHA-256 of the manifest's record value
 */
public record Pointer(String format, String feed, long generation, String manifest) {
    public static final String FORMAT = "reflux-pointer/1";

    /** Points at a manifest by the bytes of its record. */
    public static Pointer at(Manifest manifest, byte[] value) {
        return new Pointer(FORMAT, manifest.feed(), manifest.generation(), Sha256.hex(value));
    }

    public Key key() {
        return key(feed);
    }

    public static Key key(String feed) {
        return Key.of(feed);
    }

    public byte[] toBytes() {
        return Json.write(this);
    }

    /** @throws WireException when the bytes are no pointer this version reads */
    public static Pointer fromBytes(byte[] json) throws WireException {
        Pointer pointer = Json.read(json, Pointer.class);
        FormatVersion.require(pointer.format(), FORMAT);
        return pointer;
    }
}
