package io.reflux.nn;

import java.util.SplittableRandom;

/**
 * A stream of random draws named by a seed, a purpose and two counters, so that any draw of a run can be made again
 * without the draws before it: a resumed run needs no generator state.
 *
 * <p>The four are mixed by SplitMix64's finaliser (Steele, Lea and Flood, OOPSLA 2014) into the seed of a
 * {@link SplittableRandom}.
 */
public final class Draws {
    private final SplittableRandom random;

    private Draws(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The draws of this purpose at these counters. */
    public static Draws of(long seed, String purpose, long first, long second) {
        long name = 0;
        for (int i = 0; i < purpose.length(); i++) {
            name = mix(name + purpose.charAt(i));
        }
        return new Draws(mix(mix(mix(mix(seed) + name) + first) + second));
    }

    /** Uniform in [0, 1). */
    public float uniform() {
        return (random.nextInt() >>> 8) * 0x1p-24f;
    }

    /** Uniform in [low, high). */
    public float uniform(double low, double high) {
        return (float) (low + (high - low) * uniform());
    }

    /** Uniform in 0 … bound − 1. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** A uniform permutation of 0 … n − 1. */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
