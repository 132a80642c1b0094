package io.reflux.distill;

/**
 * Greedy k-center (Gonzalez, 1985; as a coreset: Sener and Savarese, ICLR 2018): the first image is the one whose
 * features are nearest to the mean of all, each further one is the farthest from those chosen,
 *
 * <pre>
 *   x_k = argmax_x  min_{j&lt;k} ‖ x − x_j ‖
 * </pre>
 *
 * in O(k·n·F). The largest distance of any image to its nearest chosen one is at most twice the smallest possible for
 * k centres with that first one. Of equal ones the first is taken.
 */
final class KCenter {
    private KCenter() {}

    /**
     * @param features [n,F], one row an image
     * @param count k, at most n
     * @return the chosen rows in the order they were chosen
     */
    static int[] choose(float[][] features, int count) {
        int[] chosen = new int[count];
        double[] nearest = new double[features.length];
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = Double.POSITIVE_INFINITY;
        }
        for (int k = 0; k < count; k++) {
            chosen[k] = k == 0 ? nearestToMean(features) : farthest(nearest);
            for (int i = 0; i < nearest.length; i++) {
                nearest[i] = Math.min(nearest[i], Features.squaredDistance(features[i], features[chosen[k]]));
            }
            nearest[chosen[k]] = -1; // nearer than any duplicate of it, so that no image is chosen twice
        }
        return chosen;
    }

    private static int nearestToMean(float[][] features) {
        double[] mean = Features.mean(features);
        int best = 0;
        for (int i = 1; i < features.length; i++) {
            if (Features.squaredDistance(features[i], mean) < Features.squaredDistance(features[best], mean)) {
                best = i;
            }
        }
        return best;
    }

    private static int farthest(double[] nearest) {
        int best = 0;
        for (int i = 1; i < nearest.length; i++) {
            if (nearest[i] > nearest[best]) {
                best = i;
            }
        }
        return best;
    }
}
