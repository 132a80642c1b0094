package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean and variance of each channel of each block's map over several batches, pooled exactly: with n_b values in batch b
 * of mean m_b and variance v_b, the mean is Σ n_b·m_b / Σ n_b and the variance Σ n_b·(v_b + m_b²) / Σ n_b less its
 * square. A batch's own two are taken centred and in its type, the pooling is in float64.
 */
final class BatchMoments {
    private static final int[] VALUES = {1};

    private final double[][] first;
    private final double[][] second;
    private final double[] weight;

    BatchMoments(int blocks, int channels) {
        this.first = new double[blocks][channels];
        this.second = new double[blocks][channels];
        this.weight = new double[blocks];
    }

    /** Adds the map [B,C,H,W] of one batch. */
    void add(int block, NDArray y) {
        NDArray rows = y.transpose(1, 0, 2, 3).reshape(y.getShape().get(1), -1);
        NDArray mean = rows.mean(VALUES, true);
        double[] means = wide(mean);
        double[] variances = wide(rows.sub(mean).square().mean(VALUES, true));
        double count = rows.getShape().get(1);
        for (int c = 0; c < means.length; c++) {
            first[block][c] += count * means[c];
            second[block][c] += count * (variances[c] + means[c] * means[c]);
        }
        weight[block] += count;
    }

    /**
     * A block's mean and variance over all that was added.
     *
     * @param mean [C]
     * @param variance [C], of the population
     */
    record Statistics(NDArray mean, NDArray variance) {}

    /** Of each block; arrays are the owner's. */
    List<Statistics> settle(NDManager owner, DataType type) {
        List<Statistics> settled = new ArrayList<>();
        for (int block = 0; block < weight.length; block++) {
            int channels = first[block].length;
            float[] mean = new float[channels];
            float[] variance = new float[channels];
            for (int c = 0; c < channels; c++) {
                double centre = first[block][c] / weight[block];
                mean[c] = (float) centre;
                variance[c] = (float) Math.max(0, second[block][c] / weight[block] - centre * centre);
            }
            settled.add(new Statistics(place(owner, mean, type), place(owner, variance, type)));
        }
        return settled;
    }

    private static NDArray place(NDManager owner, float[] values, DataType type) {
        return TensorSession.place(owner, values, new Shape(values.length)).toType(type, false);
    }

    private static double[] wide(NDArray values) {
        return HostReads.doubles(values);
    }
}
