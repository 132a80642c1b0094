package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * ZCA whitening x' = (x − μ)·T with T = U·diag((S + ε)^−½)·Uᵀ for the unbiased covariance Σ = U·S·Uᵀ, as kornia's
 * ZCAWhitening computes it for the dataset-distillation papers (ε = 0.1).
 *
 * <p>T is the inverse square root of Σ + εI, so no eigenvectors are needed: {@link MatrixRoots}. All sums are in
 * float64; only μ, T and T⁻¹ are rounded.
 */
public final class Whitening {
    private final NDArray mean;
    private final NDArray transform;
    private final NDArray inverse;

    private Whitening(NDArray mean, NDArray transform, NDArray inverse) {
        this.mean = mean;
        this.transform = transform;
        this.inverse = inverse;
    }

    /**
     * @param images [n,D] in [0,1], n at least 2; the result lives as long as their manager
     * @param epsilon ε, added to every eigenvalue
     */
    public static Whitening fit(NDArray images, float epsilon) {
        NDManager owner = images.getManager();
        return fit(owner, () -> Stream.of(images.toType(DataType.FLOAT64, true)), epsilon, () -> {});
    }

    /**
     * Fits to images that need not be in memory together.
     *
     * @param owner of the result
     * @param chunks [·,D] in [0,1], float64, gone through twice; each is closed after its use
     * @param step told of each chunk that is done and of each step of the iteration; may throw to stop
     */
    static Whitening fit(NDManager owner, Supplier<Stream<NDArray>> chunks, float epsilon, Runnable step) {
        try (NDManager work = owner.newSubManager()) {
            Moments moments = new Moments(work);
            chunks.get().forEach(chunk -> {
                moments.addToMean(chunk);
                step.run();
            });
            NDArray mean = moments.mean();
            chunks.get().forEach(chunk -> {
                moments.addToScatter(chunk, mean);
                step.run();
            });
            try (MatrixRoots roots = MatrixRoots.of(moments.covariance(epsilon), epsilon, step)) {
                return new Whitening(kept(mean, owner), kept(roots.inverse(), owner), kept(roots.root(), owner));
            }
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

    private static NDArray kept(NDArray exact, NDManager owner) {
        NDArray array = exact.toType(DataType.FLOAT32, true);
        array.attach(owner);
        return array;
    }
}
