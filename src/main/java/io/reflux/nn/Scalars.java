package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Arithmetic of arrays with numbers that may be differentiated.
 *
 * <p>{@code NDArray.mul(Number)} and its kin put the number in a buffer of the JVM and let go of it when they return. A
 * graph that keeps the factor for its backward pass then reads freed memory once the garbage collector has run: the
 * gradient is wrong, rarely and by any amount. The numbers here live in the engine's memory, as long as a graph needs
 * them, and reach a GPU without a transfer.
 */
public final class Scalars {
    private static final Shape SCALAR = new Shape();

    private Scalars() {}

    /** array · factor */
    public static NDArray times(NDArray array, double factor) {
        try (NDArray number = of(array, factor)) {
            return array.mul(number);
        }
    }

    /** array / divisor */
    public static NDArray over(NDArray array, double divisor) {
        try (NDArray number = of(array, divisor)) {
            return array.div(number);
        }
    }

    /** array + number */
    public static NDArray plus(NDArray array, double summand) {
        try (NDArray number = of(array, summand)) {
            return array.add(number);
        }
    }

    private static NDArray of(NDArray like, double value) {
        return JniUtils.full(
                (PtNDManager) like.getManager(),
                SCALAR,
                value,
                like.getDataType(),
                like.getDevice(),
                SparseFormat.DENSE);
    }
}
