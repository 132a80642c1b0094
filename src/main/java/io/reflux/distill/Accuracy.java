package io.reflux.distill;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Test accuracy over several students.
 *
 * @param mean in 0 … 1
 * @param spread population standard deviation, in 0 … 1
 * @param students how many were trained
 */
public record Accuracy(double mean, double spread, int students) {
    /** Mean and population standard deviation (ddof 0, as the papers report) of these accuracies. */
    public static Accuracy of(double... accuracies) {
        double mean = Arrays.stream(accuracies).average().orElse(Double.NaN);
        double variance = DoubleStream.of(accuracies)
                .map(a -> (a - mean) * (a - mean))
                .average()
                .orElse(Double.NaN);
        return new Accuracy(mean, Math.sqrt(variance), accuracies.length);
    }
}
