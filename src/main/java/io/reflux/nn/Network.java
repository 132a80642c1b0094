package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** A classifier as a pure function of a flat parameter vector. */
public interface Network {
    ParameterLayout layout();

    /** Number of classes K. */
    int classes();

    /** Logits [B,K] of images [B,C,H,W] at parameters [P]; differentiable in both. */
    NDArray logits(NDArray theta, NDArray images);

    /** About the bytes that one image's activations take in a pass and its gradient, in float32. */
    long activationBytes();

    /** Whether an image's logits depend on the others of its batch, which then cannot be cut into parts. */
    default boolean mixesBatch() {
        return false;
    }

    /**
     * What is tested once training has ended: this network, with whatever it measures on its training images fixed.
     *
     * @param owner of what is measured
     * @param theta final parameters [P]
     * @param images it was trained on [n,C,H,W]
     * @param batches indices of the images, each once, in batches of the size it was trained with
     */
    default Network settled(NDManager owner, NDArray theta, NDArray images, List<int[]> batches) {
        return this;
    }
}
