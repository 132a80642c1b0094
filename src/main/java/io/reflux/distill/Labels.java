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

    /** softmax of logits, [n,K] flattened. */
    static float[] probabilities(float[] logits, int classes) {
        float[] probabilities = new float[logits.length];
        for (int row = 0; row < logits.length; row += classes) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = row; k < row + classes; k++) {
                largest = Math.max(largest, logits[k]);
            }
            double sum = 0;
            for (int k = row; k < row + classes; k++) {
                sum += Math.exp(logits[k] - largest);
            }
            for (int k = row; k < row + classes; k++) {
                probabilities[k] = (float) (Math.exp(logits[k] - largest) / sum);
            }
        }
        return probabilities;
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
