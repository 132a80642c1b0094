package io.reflux.nn;

import ai.djl.ndarray.NDArray;

/** A network that computes the gradient of its loss itself, without a tape; its logits cannot be differentiated. */
public interface ClosedFormNetwork extends Network {
    /**
     * Cross-entropy summed over a batch, and its gradient.
     *
     * @param loss a scalar
     * @param parameters ∂loss/∂θ [P]
     */
    record Gradient(NDArray loss, NDArray parameters) {}

    /**
     * @param theta [P]; its manager owns the result
     * @param images [B,C,H,W]
     * @param probabilities labels [B,K]
     */
    Gradient gradient(NDArray theta, NDArray images, NDArray probabilities);
}
