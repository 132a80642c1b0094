package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;

/**
 * Instance normalisation (one group a channel, ε = 1e-5) with scale γ and shift β. Images are folded into channels, so
 * that one fused batch normalisation does it.
 */
final class InstanceNorm {
    private static final float EPSILON = 1e-5f;

    private InstanceNorm() {}

    static NDArray value(NDArray y, NDArray scale, NDArray shift) {
        Shape shape = y.getShape();
        long images = shape.get(0);
        long channels = images * shape.get(1);
        NDManager manager = y.getManager();
        // Batch normalisation in training mode wants running statistics; nobody reads these.
        NDArray mean = manager.zeros(new Shape(channels), y.getDataType());
        NDArray variance = manager.zeros(new Shape(channels), y.getDataType());
        NDArray folded = y.reshape(1, channels, shape.get(2), shape.get(3));
        return BatchNorm.batchNorm(
                        folded, mean, variance, scale.tile(images), shift.tile(images), 1, 0.9f, EPSILON, true)
                .singletonOrThrow()
                .reshape(shape);
    }
}
