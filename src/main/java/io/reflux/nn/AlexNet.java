package io.reflux.nn;

import io.reflux.image.ImageShape;
import java.util.List;

/**
 * The AlexNet of the dataset-distillation literature (after Krizhevsky, Sutskever and Hinton, NeurIPS 2012), without a
 * norm: 5×5 convolutions to 128 and 192 channels, 3×3 ones to 256, 192 and 192, ReLU after each, 2×2 max-pooling after
 * the first, second and fifth, and one linear layer.
 *
 * <p>The first convolution pads by 2, one-channel images by 4, so that 28×28 becomes 32×32. The classifier takes the
 * map that is left, 192 channels of a side of about an eighth: 4×4 for 28 and 32 pixels, 8×8 for 64, 16×16 for 128.
 */
public final class AlexNet extends ConvolutionChain {
    /** @throws IllegalArgumentException when pooling would leave nothing of the image */
    public AlexNet(ImageShape shape, int classes) {
        super("AlexNet", shape, classes, false, layers(shape.channels() == 1 ? 4 : 2));
    }

    private static List<Layer> layers(int border) {
        return List.of(
                new Layer(128, 5, border, true),
                new Layer(192, 5, 2, true),
                new Layer(256, 3, 1, false),
                new Layer(192, 3, 1, false),
                new Layer(192, 3, 1, true));
    }
}
