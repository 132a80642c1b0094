package io.reflux.wire;

import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaNormalisation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A whitening matrix in records: μ [D] and T [D,D], one after the other as little-endian float32, cut into pieces. They
 * stand on {@code distilled} under {@code feed/whitening/digest/number} as long as a generation refers to them.
 */
public final class WhiteningShards {
    /**
     * A piece.
     *
     * @param value of the record
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Piece(Key key, byte[] value) {}

    private static final String PART = "whitening";

    private WhiteningShards() {}

    /** The records of a feed's whitening; none for a normalisation by channel. */
    public static List<Piece> split(String feed, Normalisation normalisation) {
        if (!(normalisation instanceof ZcaNormalisation zca)) {
            return List.of();
        }
        byte[] bytes = zca.toBytes();
        List<Piece> pieces = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            Key key = Key.of(feed, PART, zca.digest(), Integer.toString(pieces.size()));
            int to = Math.min(bytes.length, from + Shard.MOST_BYTES - key.text().length());
            pieces.add(new Piece(key, Arrays.copyOfRange(bytes, from, to)));
            from = to;
        }
        return pieces;
    }

    /** The normalisation as a manifest names it, with where its records stand. */
    public static Scale scale(Normalisation normalisation, List<Piece> pieces) {
        return normalisation instanceof ZcaNormalisation zca
                ? ZcaScale.of(
                        zca, pieces.stream().map(piece -> piece.key().text()).toList())
                : Scale.of(normalisation);
    }

    /** Keys of the records that a manifest's normalisation needs. */
    public static Stream<Key> keys(Scale scale) {
        return scale instanceof ZcaScale zca ? zca.shards().stream().map(Key::parse) : Stream.of();
    }

    /**
     * Puts a whitening together from the values of its records, in the order of the keys.
     *
     * @throws WireException when they are not what the manifest names
     */
    public static ZcaNormalisation join(ZcaScale scale, List<byte[]> values) throws WireException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        values.forEach(bytes::writeBytes);
        ZcaNormalisation joined;
        try {
            joined = ZcaNormalisation.fromBytes(scale.epsilon(), bytes.toByteArray());
        } catch (IllegalArgumentException e) {
            throw new WireException("the whitening " + scale.digest() + " is not readable: " + e.getMessage(), e);
        }
        if (!joined.digest().equals(scale.digest())) {
            throw new WireException("the whitening " + scale.digest() + " does not have the SHA-256 that names it");
        }
        return joined;
    }
}
