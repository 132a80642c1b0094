package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The only place of the core where values of tensors come to the host. On a GPU each read waits until all that was
 * launched before it is done, so they are counted, and tests hold a step of the algorithms to its number of them.
 */
public final class HostReads {
    private static final AtomicLong COUNT = new AtomicLong();

    private HostReads() {}

    /** Reads since the process began. */
    public static long count() {
        return COUNT.get();
    }

    /** A scalar of any floating type. */
    public static double scalar(NDArray array) {
        COUNT.incrementAndGet();
        return array.getDataType() == DataType.FLOAT64 ? array.getDouble() : array.getFloat();
    }

    /** All values in row-major order, as float32. */
    public static float[] floats(NDArray array) {
        COUNT.incrementAndGet();
        if (array.getDataType() == DataType.FLOAT32) {
            return array.toFloatArray();
        }
        try (NDArray single = array.toType(DataType.FLOAT32, false)) {
            return single.toFloatArray();
        }
    }

    /** All values in row-major order, as float64. */
    public static double[] doubles(NDArray array) {
        COUNT.incrementAndGet();
        if (array.getDataType() == DataType.FLOAT64) {
            return array.toDoubleArray();
        }
        try (NDArray exact = array.toType(DataType.FLOAT64, false)) {
            return exact.toDoubleArray();
        }
    }

    /** A whole number. */
    public static long whole(NDArray array) {
        COUNT.incrementAndGet();
        return array.getLong();
    }
}
