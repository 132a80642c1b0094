package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;

/**
 * Instance normalisation (one group a channel, ε = 1e-5) with scale γ and shift β, on values and on dual numbers.
 *
 * <p>Per image and channel over n = H·W, with yc = y − mean(y), v = mean(yc²) + ε, r = v^−½, t = mean(yc·ẏ), A = r·γ:
 *
 * <pre>
 *   out  = A·yc + β
 *   out' = A·(ẏ − mean(ẏ)) + (r·γ̇ − r³·t·γ)·yc + β̇
 * </pre>
 *
 * The value path folds images into channels, so that one fused batch normalisation does it.
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

    static Dual dual(Dual y, Dual scale, Dual shift) {
        Shape shape = y.value().getShape();
        Shape planes = new Shape(shape.get(0), shape.get(1), -1);
        NDArray value = y.value().reshape(planes);
        NDArray tangent = y.tangent().reshape(planes);
        NDArray centred = value.sub(mean(value));
        NDArray variance = mean(centred.square()).add(EPSILON);
        NDArray reciprocal = Scalars.reciprocal(variance.sqrt());
        NDArray gain = reciprocal.mul(perChannel(scale.value()));
        NDArray covariance = mean(centred.mul(tangent));
        NDArray slope = reciprocal
                .mul(perChannel(scale.tangent()))
                .sub(gain.mul(covariance).div(variance));
        NDArray offset = perChannel(shift.tangent()).sub(gain.mul(mean(tangent)));
        NDArray out = centred.mul(gain).add(perChannel(shift.value()));
        NDArray change = tangent.mul(gain).add(centred.mul(slope)).add(offset);
        return new Dual(out.reshape(shape), change.reshape(shape));
    }

    private static NDArray mean(NDArray planes) {
        return planes.mean(new int[] {2}, true);
    }

    private static NDArray perChannel(NDArray vector) {
        return vector.reshape(1, vector.size(), 1);
    }
}
