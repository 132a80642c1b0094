package io.reflux.nn;

import io.reflux.image.ImageShape;
import java.util.List;

/**
 * VGG11 with instance norm, as in the dataset-distillation literature (after Simonyan and Zisserman, ICLR 2015): eight
 * 3×3 convolutions to 64, 128, 256, 256, 512, 512, 512 and 512 channels, instance norm and ReLU after each, 2×2
 * max-pooling after the first, second, fourth, sixth and eighth, and one linear layer.
 *
 * <p>The first convolution pads by 1, one-channel images by 3, so that 28×28 becomes 32×32. The classifier takes the
 * map that is left, 512 channels of a side of a 32nd: 1×1 for 32 pixels, 2×2 for 64, 4×4 for 128.
 */
public final class Vgg11 extends ConvolutionChain {
    /** @throws IllegalArgumentException when pooling would leave nothing of the image */
    public Vgg11(ImageShape shape, int classes) {
        super("VGG11", shape, classes, true, layers(shape.channels() == 1 ? 3 : 1));
    }

    private static List<Layer> layers(int border) {
        return List.of(
                new Layer(64, 3, border, true),
                new Layer(128, 3, 1, true),
                new Layer(256, 3, 1, false),
                new Layer(256, 3, 1, true),
                new Layer(512, 3, 1, false),
                new Layer(512, 3, 1, true),
                new Layer(512, 3, 1, false),
                new Layer(512, 3, 1, true));
    }
}
