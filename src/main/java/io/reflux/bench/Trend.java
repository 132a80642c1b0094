package io.reflux.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The line that fits values over time best, by least squares.
 *
 * @param slope per second
 * @param error standard error of the slope
 * @param mean of the values
 * @param seconds from the first to the last
 */
record Trend(double slope, double error, double mean, double seconds) {
    private static final int BLOCKS = 20;

    /**
     * Fits a line to the means of twenty parts of equal length: neighbouring values of a process depend on each other, so
     * the scatter of single ones would promise too small an error.
     *
     * @param at seconds, ascending
     * @param values as many
     */
    static Trend of(List<Double> at, List<Double> values) {
        List<double[]> points = blocks(at, values);
        double n = points.size();
        double meanAt = points.stream().mapToDouble(point -> point[0]).sum() / n;
        double mean = points.stream().mapToDouble(point -> point[1]).sum() / n;
        double squares = 0;
        double products = 0;
        for (double[] point : points) {
            squares += (point[0] - meanAt) * (point[0] - meanAt);
            products += (point[0] - meanAt) * (point[1] - mean);
        }
        if (n < 3 || squares == 0) {
            throw new IllegalArgumentException("a trend needs values at three moments, not at " + at.size());
        }
        double slope = products / squares;
        double residuals = 0;
        for (double[] point : points) {
            double off = point[1] - mean - slope * (point[0] - meanAt);
            residuals += off * off;
        }
        double error = Math.sqrt(residuals / (n - 2) / squares);
        return new Trend(slope, error, mean, at.get(at.size() - 1) - at.get(0));
    }

    /** What the line gains from the first value to the last. */
    double growth() {
        return slope * seconds;
    }

    /** Whether it rises by more than its error and a tolerance explain. */
    boolean grows(double tolerance) {
        return slope > 3 * error && growth() > tolerance;
    }

    private static List<double[]> blocks(List<Double> at, List<Double> values) {
        List<double[]> points = new ArrayList<>();
        int blocks = Math.min(BLOCKS, at.size());
        for (int block = 0; block < blocks; block++) {
            int from = block * at.size() / blocks;
            int to = (block + 1) * at.size() / blocks;
            points.add(new double[] {mean(at.subList(from, to)), mean(values.subList(from, to))});
        }
        return points;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }
}
