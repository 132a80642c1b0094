package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import org.jspecify.annotations.Nullable;

/** The layers of the evaluation networks as functions of maps [B,C,H,W]. */
final class Layers {
    /** Arrays of a convolution's size that a pass and its gradient keep: of convolution, norm, ReLU and a gradient. */
    static final int ARRAYS_A_CONVOLUTION = 4;

    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);
    private static final Shape NONE = new Shape(0, 0);

    private Layers() {}

    /** Cross-correlation with a weight [F,C,k,k], zeros around. */
    static NDArray convolve(NDArray x, NDArray weight, @Nullable NDArray bias, int stride, int padding) {
        return Conv2d.conv2d(x, weight, bias, new Shape(stride, stride), new Shape(padding, padding), ONE)
                .singletonOrThrow();
    }

    /** The largest of each 2×2 window; an odd last row or column is left out. */
    static NDArray maxPool(NDArray x) {
        return Pool.maxPool2d(x, TWO, TWO, NONE, false);
    }

    /** The mean of each window. */
    static NDArray averagePool(NDArray x, int windowHeight, int windowWidth) {
        Shape window = new Shape(windowHeight, windowWidth);
        return Pool.avgPool2d(x, window, window, NONE, false, true);
    }

    /** Maps [B,C,H,W] as rows [B,C·H·W], times a weight [K,C·H·W]ᵀ, plus a bias [K]. */
    static NDArray classify(NDArray x, NDArray weight, NDArray bias) {
        return Linear.linear(x.reshape(x.getShape().get(0), -1), weight, bias).singletonOrThrow();
    }
}
