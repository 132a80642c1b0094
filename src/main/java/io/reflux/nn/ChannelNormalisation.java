package io.reflux.nn;

import io.reflux.image.ImageShape;
import java.util.Arrays;

/**
 * One mean and one deviation for each channel: x' = (x/255 − mean) / deviation.
 *
 * @param mean one finite value a channel, of images as they are in [0, 1]
 * @param deviation one positive, finite value a channel
 */
public record ChannelNormalisation(float[] mean, float[] deviation) implements Normalisation {
    private static final double SMALLEST_DEVIATION = 1e-3;

    public ChannelNormalisation {
        if (mean.length != deviation.length || mean.length == 0) {
            throw new IllegalArgumentException("normalisation needs one mean and one deviation a channel, got "
                    + mean.length + " and " + deviation.length);
        }
        for (int c = 0; c < mean.length; c++) {
            if (!Float.isFinite(mean[c])) {
                throw new IllegalArgumentException(
                        "the mean of channel " + c + " is " + mean[c] + ", must be a finite number");
            }
            if (!(deviation[c] > 0) || !Float.isFinite(deviation[c])) {
                throw new IllegalArgumentException(
                        "the deviation of channel " + c + " is " + deviation[c] + ", must be positive and finite");
            }
        }
        mean = mean.clone();
        deviation = deviation.clone();
    }

    /** Mean and population deviation of each channel over u8 pixels [n,C,H,W]. */
    public static ChannelNormalisation fit(byte[] pixels, ImageShape shape) {
        int channels = shape.channels();
        int plane = shape.plane();
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
        return new ChannelNormalisation(mean, deviation);
    }

    @Override
    public boolean fits(ImageShape shape) {
        return shape.channels() == mean.length;
    }

    @Override
    public float[] apply(byte[] pixels, ImageShape shape) {
        float[] values = new float[pixels.length];
        int plane = shape.plane();
        for (int start = 0, c = 0; start < pixels.length; start += plane, c = (c + 1) % mean.length) {
            float scale = 1f / (255f * deviation[c]);
            float offset = mean[c] / deviation[c];
            for (int i = start; i < start + plane; i++) {
                values[i] = (pixels[i] & 0xff) * scale - offset;
            }
        }
        return values;
    }

    @Override
    public float[] normalise(float[] brightness, ImageShape shape) {
        float[] values = new float[brightness.length];
        int plane = shape.plane();
        for (int start = 0, c = 0; start < values.length; start += plane, c = (c + 1) % mean.length) {
            for (int i = start; i < start + plane; i++) {
                values[i] = (brightness[i] - mean[c]) / deviation[c];
            }
        }
        return values;
    }

    @Override
    public float[] restore(float[] values, ImageShape shape) {
        float[] brightness = new float[values.length];
        int plane = shape.plane();
        for (int start = 0, c = 0; start < values.length; start += plane, c = (c + 1) % mean.length) {
            for (int i = start; i < start + plane; i++) {
                brightness[i] = values[i] * deviation[c] + mean[c];
            }
        }
        return brightness;
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
        return other instanceof ChannelNormalisation that
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
