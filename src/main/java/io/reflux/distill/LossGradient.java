package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.reflux.nn.Loss;
import io.reflux.nn.Network;
import io.reflux.nn.TensorSession;

/**
 * Mean cross-entropy of a batch and its gradient in the parameters, computed in micro-batches whose gradients add up:
 * memory does not depend on the batch, and a micro-batch stays in the processor's cache.
 */
final class LossGradient {
    private final TensorSession session;
    private final Network network;
    private final int microBatch;

    LossGradient(TensorSession session, Network network, int microBatch) {
        this.session = session;
        this.network = network;
        this.microBatch = microBatch;
    }

    /**
     * @param gradient [P], owned by the manager that was given
     * @param loss mean over the batch
     */
    record Value(NDArray gradient, double loss) {}

    /**
     * @param owner of the result
     * @param theta [P]
     * @param images [B,C,H,W]
     * @param labels probabilities [B,K]
     */
    Value at(NDManager owner, NDArray theta, NDArray images, NDArray labels) {
        long batch = images.getShape().get(0);
        double loss = 0;
        try (NDArray leaf = TensorSession.leaf(theta)) {
            for (long from = 0; from < batch; from += microBatch) {
                loss += addPart(leaf, images, labels, from, Math.min(batch, from + microBatch));
            }
            NDArray gradient = leaf.getGradient();
            gradient.attach(owner);
            return new Value(gradient, loss);
        }
    }

    private double addPart(NDArray leaf, NDArray images, NDArray labels, long from, long to) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDIndex rows = new NDIndex().addSliceDim(from, to);
            NDArray part = Loss.crossEntropy(network.logits(leaf, images.get(rows)), labels.get(rows))
                    .div(images.getShape().get(0));
            session.backward(part);
            return TensorSession.scalar(part);
        }
    }
}
