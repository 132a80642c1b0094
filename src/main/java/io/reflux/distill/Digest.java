package io.reflux.distill;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 over a sequence of values, each preceded by its length. */
final class Digest {
    private static final int CHUNK = 1 << 14;
    private final MessageDigest sha256;

    private Digest(MessageDigest sha256) {
        this.sha256 = sha256;
    }

    static Digest of() {
        try {
            return new Digest(MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Digest text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    Digest bytes(byte[] value) {
        length(value.length);
        sha256.update(value);
        return this;
    }

    Digest ints(int[] values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(values);
        return bytes(buffer.array());
    }

    Digest floats(float[] values) {
        length(values.length);
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            buffer.asFloatBuffer().put(values, from, count);
            sha256.update(buffer.array(), 0, count * 4);
        }
        return this;
    }

    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void length(int value) {
        sha256.update(ByteBuffer.allocate(4).putInt(value).array());
    }
}
