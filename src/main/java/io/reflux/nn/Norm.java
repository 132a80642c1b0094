package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;

/**
 * How a block of the ConvNet family normalises its map [B,C,H,W]: to mean 0 and variance 1 (ε = 1e-5) over a set of
 * values, then by a learned scale and shift.
 */
public enum Norm {
    NONE("none"),
    /** Over the batch and the map, for each channel (Ioffe and Szegedy, ICML 2015). */
    BATCH("batch"),
    /** Over C, H and W of an image; scale and shift are [C,H,W] (Ba, Kiros and Hinton, 2016). */
    LAYER("layer"),
    /** Over the map, for each image and channel (Ulyanov, Vedaldi and Lempitsky, 2016). */
    INSTANCE("instance"),
    /** Over the map and a quarter of the channels, for each image (Wu and He, ECCV 2018). */
    GROUP("group");

    static final float EPSILON = 1e-5f;
    private static final int GROUPS = 4;
    private final String key;

    Norm(String key) {
        this.key = key;
    }

    /** As it stands in a network's name. */
    public String key() {
        return key;
    }

    /** Shape of scale and of shift for a map. */
    Shape parameters(FeatureMap map) {
        return this == LAYER ? new Shape(map.channels(), map.height(), map.width()) : new Shape(map.channels());
    }

    NDArray of(NDArray y, NDArray scale, NDArray shift) {
        return switch (this) {
            case NONE -> y;
            case BATCH -> normalise(y, scale, shift);
            case LAYER ->
                LayerNorm.layerNorm(y, scale.getShape(), scale, shift, EPSILON).singletonOrThrow();
            case INSTANCE -> instance(y, scale, shift);
            case GROUP -> group(y, scale, shift);
        };
    }

    /** Images are folded into channels, so that one fused batch normalisation does it. */
    private static NDArray instance(NDArray y, NDArray scale, NDArray shift) {
        Shape shape = y.getShape();
        long images = shape.get(0);
        NDArray folded = y.reshape(1, images * shape.get(1), shape.get(2), shape.get(3));
        return normalise(folded, scale.tile(images), shift.tile(images)).reshape(shape);
    }

    /** Each image's group of channels is one channel of a single image to the fused batch normalisation. */
    private static NDArray group(NDArray y, NDArray scale, NDArray shift) {
        Shape shape = y.getShape();
        long planes = shape.get(0) * GROUPS;
        NDArray one = y.getManager().ones(new Shape(planes), y.getDataType());
        NDArray normed = normalise(y.reshape(1, planes, -1, 1), one, one.zerosLike());
        return normed.reshape(shape).mul(perChannel(scale)).add(perChannel(shift));
    }

    private static NDArray normalise(NDArray y, NDArray scale, NDArray shift) {
        Shape channels = new Shape(y.getShape().get(1));
        // Batch normalisation in training mode wants running statistics; nobody reads these.
        NDArray mean = y.getManager().zeros(channels, y.getDataType());
        NDArray variance = mean.zerosLike();
        return BatchNorm.batchNorm(y, mean, variance, scale, shift, 1, 0.9f, EPSILON, true)
                .singletonOrThrow();
    }

    private static NDArray perChannel(NDArray vector) {
        return vector.reshape(1, vector.size(), 1, 1);
    }
}
