package io.reflux.nn;

import ai.djl.ndarray.NDArray;

/** Cross-entropy with probability labels, on values and on dual numbers; sums over a batch, so that parts add up. */
public final class Loss {
    private Loss() {}

    /** −Σ_b Σ_c p log softmax(z), a scalar, for logits and probabilities [B,K]. */
    public static NDArray crossEntropy(NDArray logits, NDArray probabilities) {
        return logits.logSoftmax(1).mul(probabilities).sum().neg();
    }

    /** Σ_b Σ_c (softmax(z) − p)·ż: the derivative of {@link #crossEntropy} along the logits' tangent, a scalar. */
    public static NDArray crossEntropyTangent(Dual logits, NDArray probabilities) {
        return logits.value()
                .softmax(1)
                .sub(probabilities)
                .mul(logits.tangent())
                .sum();
    }
}
