package io.reflux.distill;

/**
 * Herding (Welling, ICML 2009) as it is used to build coresets (Rebuffi et al., CVPR 2017): images are chosen one by
 * one so that the mean of the chosen features is always as close as it can be to the mean μ of all,
 *
 * <pre>
 *   x_k = argmin ‖ μ − (s_{k−1} + x) / k ‖ over the x not chosen yet,     s_k = s_{k−1} + x_k
 * </pre>
 *
 * in O(k·n·F). Of equal ones the first is taken.
 */
final class Herding {
    private Herding() {}

    /**
     * @param features [n,F], one row an image
     * @param count k, at most n
     * @return the chosen rows in the order they were chosen
     */
    static int[] choose(float[][] features, int count) {
        double[] mean = Features.mean(features);
        double[] sum = new double[mean.length];
        boolean[] taken = new boolean[features.length];
        int[] chosen = new int[count];
        for (int k = 0; k < count; k++) {
            chosen[k] = next(features, mean, sum, taken, k + 1);
            taken[chosen[k]] = true;
            for (int f = 0; f < sum.length; f++) {
                sum[f] += features[chosen[k]][f];
            }
        }
        return chosen;
    }

    private static int next(float[][] features, double[] mean, double[] sum, boolean[] taken, int k) {
        double[] wanted = new double[mean.length];
        for (int f = 0; f < wanted.length; f++) {
            wanted[f] = k * mean[f] - sum[f];
        }
        int best = -1;
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < features.length; i++) {
            double distance = taken[i] ? Double.POSITIVE_INFINITY : Features.squaredDistance(features[i], wanted);
            if (best < 0 && !taken[i] || distance < smallest) {
                best = i;
                smallest = distance;
            }
        }
        return best;
    }
}
