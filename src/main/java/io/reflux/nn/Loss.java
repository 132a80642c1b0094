package io.reflux.nn;

import ai.djl.ndarray.NDArray;

/** Cross-entropy with probability labels; sums over a batch, so that parts add up. */
public final class Loss {
    private Loss() {}

    /** −Σ_b Σ_c p log softmax(z), a scalar, for logits and probabilities [B,K]. */
    public static NDArray crossEntropy(NDArray logits, NDArray probabilities) {
        return logits.logSoftmax(1).mul(probabilities).sum().neg();
    }
}
