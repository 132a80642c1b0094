package io.reflux.sample;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The priority of an image in the bottom-k sample: a pure function of its identity and its time; small ones are kept.
 *
 * <p>With h the identity's hash as an unsigned number:
 *
 * <pre>
 *   v = (h + ½) · 2⁻⁶⁴        E = −log1p(−v)        priority = ln E − ln 2 · time / halfLife
 * </pre>
 *
 * E is exponentially distributed with rate 1. Without a half-life the second term is absent and the k smallest are a
 * uniform sample; with one, an image that is a half-life older needs half the E: the kept ages have the density
 * 1 − exp(−τ·2^(−age/halfLife)) (exponential-decay priority sampling: Cormode, Shkapenyuk, Srivastava and Xu, ICDE
 * 2009). Computed in doubles, as written, with StrictMath, so that every machine finds the same number.
 */
public final class Priority {
    private static final double TWO_TO_MINUS_64 = 0x1p-64;
    private static final double LARGEST_BELOW_ONE = 0x1.fffffffffffffp-1;
    private static final double LN_2 = 0.693147180559945309417;

    private Priority() {}

    /**
     * The priority of an image.
     *
     * @param timeMillis when it was taken, in milliseconds since 1970
     * @param halfLife after which an image is half as likely to be kept; null for a uniform sample
     * @throws IllegalArgumentException if the half-life is shorter than a millisecond
     */
    public static double of(Identity identity, long timeMillis, @Nullable Duration halfLife) {
        return of(identity.hash(), timeMillis, halfLife);
    }

    /** The same for the hash of an identity. */
    public static double of(long hash, long timeMillis, @Nullable Duration halfLife) {
        double lnE = StrictMath.log(exponential(hash));
        if (halfLife == null) {
            return lnE;
        }
        long halfLifeMillis = halfLife.toMillis();
        if (halfLifeMillis < 1) {
            throw new IllegalArgumentException("a half-life is at least a millisecond, not " + halfLife);
        }
        return lnE - LN_2 * timeMillis / halfLifeMillis;
    }

    private static double exponential(long hash) {
        // The 1024 largest hashes round to v = 1, whose E would be infinite.
        double v = Math.min((unsigned(hash) + 0.5) * TWO_TO_MINUS_64, LARGEST_BELOW_ONE);
        return -StrictMath.log1p(-v);
    }

    /** The double nearest to an unsigned number; the lowest bit stays, so that rounding happens once. */
    private static double unsigned(long value) {
        return value >= 0 ? (double) value : (double) (value >>> 1 | value & 1) * 2;
    }
}
