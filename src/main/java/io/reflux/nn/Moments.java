package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.jspecify.annotations.Nullable;

/** Mean [1,D] and unbiased covariance [D,D] of rows that come in chunks, in float64 and in two passes. */
final class Moments {
    private final NDManager owner;
    private long count;
    private @Nullable NDArray sum;
    private @Nullable NDArray scatter;

    Moments(NDManager owner) {
        this.owner = owner;
    }

    /** Closes the rows [n,D]. */
    void addToMean(NDArray rows) {
        try (rows) {
            count += rows.getShape().get(0);
            sum = sum(sum, rows.sum(new int[] {0}, true));
        }
    }

    NDArray mean() {
        if (sum == null) {
            throw new IllegalStateException("there are no rows to take a mean of");
        }
        return Scalars.over(sum, count);
    }

    /** Closes the rows [n,D]. */
    void addToScatter(NDArray rows, NDArray mean) {
        try (rows;
                NDArray centred = rows.sub(mean);
                NDArray transposed = centred.transpose()) {
            scatter = sum(scatter, transposed.matMul(centred));
        }
    }

    /** Σ + εI, which takes the place of the scatter. */
    NDArray covariance(double epsilon) {
        if (scatter == null) {
            throw new IllegalStateException("there are no rows to take a covariance of");
        }
        long size = scatter.getShape().get(0);
        try (NDArray identity = MatrixRoots.identity(owner, Math.toIntExact(size));
                NDArray ridge = Scalars.times(identity, epsilon)) {
            return scatter.divi(count - 1).addi(ridge);
        }
    }

    private NDArray sum(@Nullable NDArray sofar, NDArray next) {
        if (sofar == null) {
            next.attach(owner);
            return next;
        }
        try (next) {
            return sofar.addi(next);
        }
    }
}
