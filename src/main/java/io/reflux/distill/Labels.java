package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import io.reflux.nn.TensorSession;

/**
 * The labels of a synthetic set, probabilities [n,K]: fixed, or the softmax of logits that are learned with the images
 * (Guo et al., ICLR 2024).
 *
 * @param probabilities p
 * @param learned whether a hyper-gradient of the logits is wanted
 */
public record Labels(NDArray probabilities, boolean learned) implements AutoCloseable {
    /** Labels that stay as they are. */
    public static Labels fixed(NDArray probabilities) {
        return new Labels(probabilities, false);
    }

    /** Labels p = softmax(Y) of logits Y [n,K] that are learned. */
    public static Labels learned(NDArray logits) {
        return new Labels(logits.softmax(1), true);
    }

    /** The same labels as a leaf of new graphs when they are learned; shares memory, is to be closed. */
    NDArray leaf() {
        return learned ? TensorSession.leaf(probabilities) : probabilities.stopGradient();
    }

    /**
     * The gradient in the logits of what has the gradient d in the probabilities: p ⊙ (d − ⟨p, d⟩). The softmax is the
     * same in every inner step, so it is pulled back once, after d has added up over all of them.
     *
     * @param gradient d [n,K]
     */
    NDArray pullback(NDArray gradient) {
        NDArray weighted = probabilities.mul(gradient);
        return weighted.sub(probabilities.mul(weighted.sum(new int[] {1}, true)));
    }

    @Override
    public void close() {
        probabilities.close();
    }
}
