package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.ConvNet;
import io.reflux.nn.HostReads;
import io.reflux.nn.TensorSession;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A ConvNet trained on the whole sample, which tells baselines what it sees in images.
 *
 * @param theta [P], trained
 */
record SampleNetwork(ConvNet network, NDArray theta) implements AutoCloseable {
    /** Activations of at most this many images are in memory. */
    private static final int BATCH = 50;

    /** What its classifier is given, the last block's maps of images [n,C,H,W], as rows [n,F]. */
    float[][] features(NDArray images) {
        return rows(images, batch -> network.features(theta, batch));
    }

    /** The softmax of its logits for images [n,C,H,W]: probabilities [n,K], owned by the manager. */
    NDArray labels(NDManager owner, NDArray images) {
        float[][] rows = rows(images, batch -> network.logits(theta, batch).softmax(1));
        float[] values = new float[rows.length * network.classes()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, values, i * network.classes(), network.classes());
        }
        return TensorSession.place(owner, values, new Shape(rows.length, network.classes()));
    }

    private static float[][] rows(NDArray images, UnaryOperator<NDArray> function) {
        int count = Math.toIntExact(images.getShape().get(0));
        float[][] rows = new float[count][];
        for (int from = 0; from < count; from += BATCH) {
            int to = Math.min(count, from + BATCH);
            float[] values = values(images, from, to, function);
            int width = values.length / (to - from);
            for (int i = from; i < to; i++) {
                rows[i] = Arrays.copyOfRange(values, (i - from) * width, (i - from + 1) * width);
            }
        }
        return rows;
    }

    private static float[] values(NDArray images, int from, int to, UnaryOperator<NDArray> function) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return HostReads.floats(function.apply(images.get(new NDIndex().addSliceDim(from, to))));
        }
    }

    @Override
    public void close() {
        theta.close();
    }
}
