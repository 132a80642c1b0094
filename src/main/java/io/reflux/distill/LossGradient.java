package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.reflux.nn.Loss;
import io.reflux.nn.Network;
import io.reflux.nn.Scalars;
import io.reflux.nn.TensorSession;
import io.reflux.nn.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Mean cross-entropy of a batch and its gradient in the parameters, computed in micro-batches whose gradients add up:
 * memory does not depend on the batch, a micro-batch stays in the processor's cache, and workers share them.
 */
final class LossGradient {
    private final TensorSession session;
    private final Network network;
    private final int microBatch;
    private final Workers workers;

    /**
     * @param microBatch most images whose graph a worker has in memory
     * @param workers that share the micro-batches of a batch
     */
    LossGradient(TensorSession session, Network network, int microBatch, Workers workers) {
        this.session = session;
        this.network = network;
        this.microBatch = microBatch;
        this.workers = workers;
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
        MicroBatches parts = MicroBatches.of(Math.toIntExact(images.getShape().get(0)), microBatch, workers.count());
        List<Callable<Value>> tasks = new ArrayList<>();
        for (List<MicroBatches.Range> share : parts.shares()) {
            tasks.add(() -> share(owner, theta, images, labels, share));
        }
        return workers.all(tasks).stream().reduce(LossGradient::sum).orElseThrow();
    }

    private Value share(
            NDManager owner, NDArray theta, NDArray images, NDArray labels, List<MicroBatches.Range> ranges) {
        double loss = 0;
        try (NDArray leaf = TensorSession.leaf(theta)) {
            for (MicroBatches.Range range : ranges) {
                loss += addPart(leaf, images, labels, range);
            }
            NDArray gradient = leaf.getGradient();
            gradient.attach(owner);
            return new Value(gradient, loss);
        }
    }

    private double addPart(NDArray leaf, NDArray images, NDArray labels, MicroBatches.Range range) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDIndex rows = new NDIndex().addSliceDim(range.from(), range.to());
            NDArray part = Scalars.over(
                    Loss.crossEntropy(network.logits(leaf, images.get(rows)), labels.get(rows)),
                    images.getShape().get(0));
            session.backward(part);
            return TensorSession.scalar(part);
        }
    }

    private static Value sum(Value total, Value part) {
        total.gradient().addi(part.gradient());
        part.gradient().close();
        return new Value(total.gradient(), total.loss() + part.loss());
    }
}
