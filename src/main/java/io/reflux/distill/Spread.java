package io.reflux.distill;

import java.util.Arrays;

/**
 * A quantity over several runs.
 *
 * @param deviation of the population
 */
public record Spread(double mean, double deviation) {
    /** Mean and population standard deviation of these values. */
    public static Spread of(double... values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double variance = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElse(Double.NaN);
        return new Spread(mean, Math.sqrt(variance));
    }
}
