package io.reflux.distill;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Spearman's rank correlation (1904): Pearson's correlation of the ranks. Equal values share the mean of the ranks they
 * take up together, so the short formula in squared rank differences, which holds without ties only, is not used.
 */
public final class RankCorrelation {
    private RankCorrelation() {}

    /** In −1 … 1; NaN where one side has a single value only, so that there is no order to agree with. */
    public static double spearman(double[] first, double[] second) {
        if (first.length != second.length) {
            throw new IllegalArgumentException("cannot pair " + first.length + " with " + second.length + " values");
        }
        return pearson(ranks(first), ranks(second));
    }

    /** Rank 1 is the smallest. */
    static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] ranks = new double[values.length];
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + 1 + to) / 2.0;
            }
        }
        return ranks;
    }

    private static double pearson(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElse(Double.NaN);
        double meanB = Arrays.stream(b).average().orElse(Double.NaN);
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - meanA) * (b[i] - meanB);
            squareA += (a[i] - meanA) * (a[i] - meanA);
            squareB += (b[i] - meanB) * (b[i] - meanB);
        }
        return squareA == 0 || squareB == 0 ? Double.NaN : product / Math.sqrt(squareA * squareB);
    }
}
