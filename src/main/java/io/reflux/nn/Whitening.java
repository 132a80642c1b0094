package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/**
 * ZCA whitening x' = (x − μ)·T with T = U·diag((S + ε)^−½)·Uᵀ for the unbiased covariance Σ = U·S·Uᵀ, as kornia's
 * ZCAWhitening computes it for the dataset-distillation papers (ε = 0.1).
 *
 * <p>T is the inverse square root of Σ + εI, so no eigenvectors are needed: the coupled Newton-Schulz iteration
 * (Higham, Functions of Matrices, 2008, §6.7) gets the square root and its inverse by matrix products, which is what the
 * engine does best. It converges quadratically; it runs in float64 and costs 3·D³ multiplications an iteration.
 */
public final class Whitening {
    private static final int MOST_ITERATIONS = 100;
    private static final double CONVERGED = 1e-13;

    private final NDArray mean;
    private final NDArray transform;
    private final NDArray inverse;

    private Whitening(NDArray mean, NDArray transform, NDArray inverse) {
        this.mean = mean;
        this.transform = transform;
        this.inverse = inverse;
    }

    /**
     * @param images [n,D] in [0,1]; the result lives as long as their manager
     * @param epsilon ε, added to every eigenvalue
     */
    public static Whitening fit(NDArray images, float epsilon) {
        NDManager owner = images.getManager();
        try (NDManager work = owner.newSubManager()) {
            NDArray exact = images.toType(DataType.FLOAT64, true);
            exact.attach(work);
            NDArray mean = exact.mean(new int[] {0}, true);
            NDArray centred = exact.sub(mean);
            long dimensions = images.getShape().get(1);
            NDArray identity = work.eye(Math.toIntExact(dimensions)).toType(DataType.FLOAT64, false);
            NDArray scatter = centred.transpose().matMul(centred);
            NDArray covariance =
                    Scalars.over(scatter, images.getShape().get(0) - 1).add(Scalars.times(identity, epsilon));
            NDArray[] roots = roots(covariance, identity);
            return new Whitening(kept(mean, owner), kept(roots[1], owner), kept(roots[0], owner));
        }
    }

    /** Whitens images [n,D]. */
    public NDArray apply(NDArray images) {
        return images.sub(mean).matMul(transform);
    }

    /** Undoes {@link #apply}. */
    public NDArray invert(NDArray whitened) {
        return whitened.matMul(inverse).add(mean);
    }

    /** μ [1,D]. */
    public NDArray mean() {
        return mean;
    }

    /** T [D,D], symmetric. */
    public NDArray transform() {
        return transform;
    }

    /** Square root and inverse square root of a symmetric positive definite matrix. */
    private static NDArray[] roots(NDArray matrix, NDArray identity) {
        double scale = Math.sqrt(HostReads.scalar(matrix.square().sum()));
        NDArray root = Scalars.over(matrix, scale);
        NDArray inverse = identity;
        for (int i = 0; i < MOST_ITERATIONS; i++) {
            NDArray residual = identity.sub(inverse.matMul(root));
            double error = Math.sqrt(HostReads.scalar(residual.square().sum()));
            if (error < CONVERGED * matrix.getShape().get(0)) {
                break;
            }
            NDArray correction = Scalars.times(residual, 0.5).add(identity);
            root = root.matMul(correction);
            inverse = correction.matMul(inverse);
        }
        return new NDArray[] {Scalars.times(root, Math.sqrt(scale)), Scalars.over(inverse, Math.sqrt(scale))};
    }

    private static NDArray kept(NDArray exact, NDManager owner) {
        NDArray array = exact.toType(DataType.FLOAT32, true);
        array.attach(owner);
        return array;
    }
}
