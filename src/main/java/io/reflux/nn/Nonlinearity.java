package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;

/** What a block of the ConvNet family does to each value of its normalised map. */
public enum Nonlinearity {
    SIGMOID("sigmoid"),
    RELU("relu"),
    /** x where it is positive, 0.01·x where it is not. */
    LEAKY_RELU("leaky");

    private static final float SLOPE = 0.01f;
    private final String key;

    Nonlinearity(String key) {
        this.key = key;
    }

    /** As it stands in a network's name. */
    public String key() {
        return key;
    }

    NDArray of(NDArray x) {
        return switch (this) {
            case SIGMOID -> Activation.sigmoid(x);
            case RELU -> Activation.relu(x);
            case LEAKY_RELU -> Activation.leakyRelu(x, SLOPE);
        };
    }
}
