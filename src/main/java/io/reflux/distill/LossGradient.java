package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.reflux.nn.ClosedFormNetwork;
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
 *
 * <p>A network in closed form computes its own gradient, any other is differentiated by the session's tape.
 */
final class LossGradient {
    private final TensorSession session;
    private final Network network;
    private final int microBatch;
    private final Workers workers;

    /** Micro-batches as large as the session's memory for activations allows; whole batches where a network mixes them. */
    LossGradient(TensorSession session, Network network, Workers workers) {
        this(
                session,
                network,
                network.mixesBatch() ? Integer.MAX_VALUE : session.imagesAtOnce(network.activationBytes()),
                network.mixesBatch() ? Workers.inline() : workers);
    }

    /**
     * @param microBatch most images whose activations a worker has in memory
     * @param workers that share the micro-batches of a batch
     */
    LossGradient(TensorSession session, Network network, int microBatch, Workers workers) {
        this.session = session;
        this.network = network;
        this.microBatch = microBatch;
        this.workers = workers;
    }

    /**
     * Both owned by the manager that was given.
     *
     * @param gradient [P]
     * @param loss mean over the batch, a scalar that is read when somebody asks
     */
    record Value(NDArray gradient, NDArray loss) {
        private Value plus(Value other) {
            gradient.addi(other.gradient);
            loss.addi(other.loss);
            other.close();
            return this;
        }

        private void close() {
            gradient.close();
            loss.close();
        }
    }

    /**
     * @param owner of the result
     * @param theta [P]
     * @param images [B,C,H,W]
     * @param labels probabilities [B,K]
     */
    Value at(NDManager owner, NDArray theta, NDArray images, NDArray labels) {
        int batch = Math.toIntExact(images.getShape().get(0));
        List<Callable<Value>> tasks = new ArrayList<>();
        for (List<MicroBatches.Range> share :
                MicroBatches.of(batch, microBatch, workers.count()).shares()) {
            tasks.add(() -> share(owner, theta, images, labels, share));
        }
        Value sum = workers.all(tasks).stream().reduce(Value::plus).orElseThrow();
        Value mean = new Value(Scalars.over(sum.gradient(), batch), Scalars.over(sum.loss(), batch));
        sum.close();
        mean.gradient().attach(owner);
        mean.loss().attach(owner);
        return mean;
    }

    private Value share(
            NDManager owner, NDArray theta, NDArray images, NDArray labels, List<MicroBatches.Range> ranges) {
        List<Value> sums = new ArrayList<>();
        for (MicroBatches.Range range : ranges) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDIndex rows = new NDIndex().addSliceDim(range.from(), range.to());
                Value part = part(theta, images.get(rows), labels.get(rows));
                if (sums.isEmpty()) {
                    NDScope.unregister(part.gradient(), part.loss());
                    part.gradient().attach(owner);
                    part.loss().attach(owner);
                    sums.add(part);
                } else {
                    sums.get(0).plus(part);
                }
            }
        }
        return sums.get(0);
    }

    /** Sums over a micro-batch. */
    private Value part(NDArray theta, NDArray images, NDArray labels) {
        if (network instanceof ClosedFormNetwork closed) {
            ClosedFormNetwork.Gradient gradient = closed.gradient(theta, images, labels);
            return new Value(gradient.parameters(), gradient.loss());
        }
        NDArray leaf = TensorSession.leaf(theta);
        NDArray loss = Loss.crossEntropy(network.logits(leaf, images), labels);
        session.backward(loss);
        return new Value(leaf.getGradient(), loss.stopGradient());
    }
}
