package io.reflux.distill;

import io.reflux.nn.ConvNetVariant;
import java.util.Map;

/**
 * How good a network became on each source it was trained on.
 *
 * @param tests one a source
 */
public record NetworkScore(ConvNetVariant network, Map<TrainingSource, Test> tests) {
    public NetworkScore {
        tests = Map.copyOf(tests);
    }

    /**
     * @param accuracy on the test images, in 0 … 1
     * @param seconds its training and test took
     */
    public record Test(double accuracy, double seconds) {}

    /** @throws IllegalArgumentException when it was not trained on this source */
    public Test on(TrainingSource source) {
        Test test = tests.get(source);
        if (test == null) {
            throw new IllegalArgumentException(network + " was not trained on " + source);
        }
        return test;
    }
}
