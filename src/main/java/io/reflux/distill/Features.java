package io.reflux.distill;

/** Geometry of feature rows [n,F], summed in float64. */
final class Features {
    private Features() {}

    /** The mean row [F]; empty when there are no rows. */
    static double[] mean(float[][] rows) {
        double[] mean = new double[rows.length == 0 ? 0 : rows[0].length];
        for (float[] row : rows) {
            for (int f = 0; f < mean.length; f++) {
                mean[f] += row[f] / (double) rows.length;
            }
        }
        return mean;
    }

    /** ‖a − b‖². */
    static double squaredDistance(float[] a, double[] b) {
        double sum = 0;
        for (int f = 0; f < a.length; f++) {
            sum += (a[f] - b[f]) * (a[f] - b[f]);
        }
        return sum;
    }

    /** ‖a − b‖². */
    static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int f = 0; f < a.length; f++) {
            double difference = (double) a[f] - b[f];
            sum += difference * difference;
        }
        return sum;
    }
}
