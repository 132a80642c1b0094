package io.reflux.distill;

import io.reflux.nn.ParameterLayout;
import io.reflux.nn.ParameterLayout.Entry;
import io.reflux.nn.ParameterLayout.Start;

/** The values in (−1, 1) that reference networks are filled with: value k of a seed is a SplitMix64 hash of both. */
final class GeneratedValues {
    private GeneratedValues() {}

    static float value(long k, long seed) {
        long z = (k + 1 + (seed << 32)) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (float) (2 * ((z >>> 11) + 0.5) * 0x1p-53 - 1);
    }

    /** Input values 0 … n − 1, of seed 2. */
    static float[] input(int n) {
        float[] values = new float[n];
        for (int j = 0; j < n; j++) {
            values[j] = value(j, 2);
        }
        return values;
    }

    /** Parameters of seed 1 times {@code amplitude}, norm scales around 1. */
    static float[] parameters(ParameterLayout layout, double amplitude) {
        float[] theta = new float[layout.size()];
        int k = 0;
        for (Entry entry : layout.entries()) {
            double centre = entry.start() == Start.ONE ? 1 : 0;
            for (int end = k + Math.toIntExact(entry.shape().size()); k < end; k++) {
                theta[k] = (float) (centre + amplitude * value(k, 1));
            }
        }
        return theta;
    }
}
