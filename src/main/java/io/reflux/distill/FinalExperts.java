package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.reflux.nn.ConvNet;
import io.reflux.nn.HostReads;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The experts of a buffer at the end of their training, as classifiers. */
final class FinalExperts {
    private final TensorSession session;
    private final ConvNet network;
    private final TrajectoryBuffer trajectories;
    private final List<Integer> ordinals;
    private final int epochs;
    private final RunMonitor monitor;

    /**
     * @param epochs that an expert is trained
     */
    FinalExperts(
            TensorSession session,
            ConvNet network,
            TrajectoryBuffer trajectories,
            List<Integer> ordinals,
            int epochs,
            RunMonitor monitor) {
        this.session = session;
        this.network = network;
        this.trajectories = trajectories;
        this.ordinals = List.copyOf(ordinals);
        this.epochs = epochs;
        this.monitor = monitor;
    }

    int count() {
        return ordinals.size();
    }

    NDManager manager() {
        return session.manager();
    }

    /**
     * Loads the expert at a place of the buffer; to be closed.
     *
     * @throws DistillationFailedException when its trajectory is no longer there
     * @throws DistillationCancelledException when the monitor says so
     */
    Classifier open(int slot) throws IOException {
        if (monitor.cancelled()) {
            throw new DistillationCancelledException(
                    "stopped before matching; the experts are kept, and the next run begins to match");
        }
        float[] last = trajectories
                .snapshot(ordinals.get(slot), epochs)
                .orElseThrow(() -> new DistillationFailedException("trajectory " + ordinals.get(slot)
                        + " disappeared before it was matched; run again to train it anew"));
        return new Classifier(TensorSession.place(session.manager(), last));
    }

    /** One expert. */
    final class Classifier implements AutoCloseable {
        private final NDArray theta;

        private Classifier(NDArray theta) {
            this.theta = theta;
        }

        /** Logits, [n,K] flattened, of normalised images [n,C,H,W]. */
        float[] logits(NDArray images) {
            int count = Math.toIntExact(images.getShape().get(0));
            int classes = network.classes();
            int batch = session.imagesAtOnce(network.activationBytes());
            float[] logits = new float[Math.multiplyExact(count, classes)];
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int from = 0; from < count; from += batch) {
                int first = from;
                tasks.add(() -> {
                    float[] part = part(images, first, Math.min(count, first + batch));
                    System.arraycopy(part, 0, logits, first * classes, part.length);
                    return true;
                });
            }
            session.workers().all(tasks);
            return logits;
        }

        /** What the classifier is given for normalised images [n,C,H,W], as rows [n,F]. */
        float[][] features(NDArray images) {
            return new SampleNetwork(network, theta).features(images);
        }

        private float[] part(NDArray images, int from, int to) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDIndex rows = new NDIndex().addSliceDim(from, to);
                return HostReads.floats(network.logits(theta, images.get(rows)));
            }
        }

        @Override
        public void close() {
            theta.close();
        }
    }

    /** Index of the largest of the K logits of an image. */
    static int guess(float[] logits, int image, int classes) {
        int best = 0;
        for (int k = 1; k < classes; k++) {
            if (logits[image * classes + k] > logits[image * classes + best]) {
                best = k;
            }
        }
        return best;
    }
}
