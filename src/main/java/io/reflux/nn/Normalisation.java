package io.reflux.nn;

import java.util.Arrays;

/**
 * Per-channel normalisation x' = (x/255 − mean) / deviation of u8 pixels.
 *
 * @param mean one value a channel, in [0, 1]
 * @param deviation one positive value a channel, in [0, 1]
 */
public record Normalisation(float[] mean, float[] deviation) {
    private static final double SMALLEST_DEVIATION = 1e-3;

    public Normalisation {
        if (mean.length != deviation.length || mean.length == 0) {
            throw new IllegalArgumentException("normalisation needs one mean and one deviation a channel, got "
                    + mean.length + " and " + deviation.length);
        }
        mean = mean.clone();
        deviation = deviation.clone();
    }

    /** Mean and population deviation of each channel over u8 pixels [n,C,H,W]; {@code plane} is H·W. */
    public static Normalisation fit(byte[] pixels, int channels, int plane) {
        double[] sum = new double[channels];
        double[] square = new double[channels];
        for (int start = 0, c = 0; start < pixels.length; start += plane, c = (c + 1) % channels) {
            for (int i = start; i < start + plane; i++) {
                double value = (pixels[i] & 0xff) / 255.0;
                sum[c] += value;
                square[c] += value * value;
            }
        }
        double count = (double) pixels.length / channels;
        float[] mean = new float[channels];
        float[] deviation = new float[channels];
        for (int c = 0; c < channels; c++) {
            mean[c] = (float) (sum[c] / count);
            double variance = square[c] / count - (sum[c] / count) * (sum[c] / count);
            deviation[c] = (float) Math.max(Math.sqrt(Math.max(variance, 0)), SMALLEST_DEVIATION);
        }
        return new Normalisation(mean, deviation);
    }

    /** Normalises u8 pixels [n,C,H,W]; {@code plane} is H·W. */
    public float[] apply(byte[] pixels, int plane) {
        float[] values = new float[pixels.length];
        for (int start = 0, c = 0; start < pixels.length; start += plane, c = (c + 1) % mean.length) {
            float scale = 1f / (255f * deviation[c]);
            float offset = mean[c] / deviation[c];
            for (int i = start; i < start + plane; i++) {
                values[i] = (pixels[i] & 0xff) * scale - offset;
            }
        }
        return values;
    }

    /** The nearest u8 pixels of normalised values [n,C,H,W], clamped to 0…255; for viewing. */
    public byte[] invert(float[] values, int plane) {
        byte[] pixels = new byte[values.length];
        for (int start = 0, c = 0; start < values.length; start += plane, c = (c + 1) % mean.length) {
            for (int i = start; i < start + plane; i++) {
                pixels[i] = (byte) Math.max(0, Math.min(255, Math.round((values[i] * deviation[c] + mean[c]) * 255f)));
            }
        }
        return pixels;
    }

    @Override
    public float[] mean() {
        return mean.clone();
    }

    @Override
    public float[] deviation() {
        return deviation.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Normalisation that
                && Arrays.equals(mean, that.mean)
                && Arrays.equals(deviation, that.deviation);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
    }

    @Override
    public String toString() {
        return "mean " + Arrays.toString(mean) + ", deviation " + Arrays.toString(deviation);
    }
}
