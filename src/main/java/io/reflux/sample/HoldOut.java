package io.reflux.sample;

/**
 * Which images are kept apart for evaluation and never distilled from: those whose pixel content's hash falls below a
 * fraction. The same picture sent twice is on the same side twice, and the hash has nothing to do with the priority.
 *
 * @param fraction of all images, in [0, 1)
 * @param minimum images of each class, as far as a class has twice as many; see {@link Snapshot}
 */
public record HoldOut(double fraction, int minimum) {
    /** The seed of XXH64 over the pixels; the identity's hash has seed 0. */
    static final long SEED = 0x686f6c642d6f7574L;

    private static final double TWO_TO_MINUS_53 = 0x1p-53;

    public HoldOut {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new IllegalArgumentException("the held-out fraction is in [0, 1), not " + fraction);
        }
        if (minimum < 0) {
            throw new IllegalArgumentException("the held-out minimum is not negative, as " + minimum + " is");
        }
    }

    /** XXH64, with a seed of its own, of an image's u8 pixels [C,H,W]. */
    public static long contentHash(byte[] pixels) {
        return XxHash64.hash(pixels, SEED);
    }

    /** Whether an image with this content is held out. */
    public boolean holds(long contentHash) {
        return (contentHash >>> 11) * TWO_TO_MINUS_53 < fraction;
    }

    /** How many held-out images a class keeps beside k others: its share, at least the minimum. */
    public int perClass(int k) {
        return Math.max(minimum, (int) Math.min(Integer.MAX_VALUE, Math.ceil(k * fraction / (1 - fraction))));
    }
}
