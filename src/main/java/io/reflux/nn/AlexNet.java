package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import io.reflux.image.ImageShape;
import io.reflux.nn.ConvolutionChain.Layer;
import java.util.List;

/**
 * The AlexNet of the dataset-distillation literature (after Krizhevsky, Sutskever and Hinton, NeurIPS 2012), without a
 * norm: 5×5 convolutions to 128 and 192 channels, 3×3 ones to 256, 192 and 192, ReLU after each, 2×2 max-pooling after
 * the first, second and fifth, and one linear layer.
 *
 * <p>The first convolution pads by 2, one-channel images by 4, so that 28×28 becomes 32×32. The classifier takes the
 * map that is left, 192 channels of a side of about an eighth: 4×4 for 28 and 32 pixels, 8×8 for 64, 16×16 for 128.
 */
public final class AlexNet implements Network {
    private final ConvolutionChain chain;

    /** @throws IllegalArgumentException when pooling would leave nothing of the image */
    public AlexNet(ImageShape shape, int classes) {
        int border = shape.channels() == 1 ? 4 : 2;
        this.chain = new ConvolutionChain(
                "AlexNet",
                shape,
                classes,
                false,
                List.of(
                        new Layer(128, 5, border, true),
                        new Layer(192, 5, 2, true),
                        new Layer(256, 3, 1, false),
                        new Layer(192, 3, 1, false),
                        new Layer(192, 3, 1, true)));
    }

    @Override
    public ParameterLayout layout() {
        return chain.layout();
    }

    @Override
    public int classes() {
        return chain.classes();
    }

    @Override
    public long activationBytes() {
        return chain.activationBytes();
    }

    @Override
    public NDArray logits(NDArray theta, NDArray images) {
        return chain.logits(theta, images);
    }
}
