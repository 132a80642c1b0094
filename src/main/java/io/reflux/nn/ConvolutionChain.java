package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.reflux.image.ImageShape;
import java.util.Iterator;
import java.util.List;

/**
 * Convolutions with bias one after the other, each with ReLU, before it instance norm in a normed chain, and after some
 * of them 2×2 max-pooling; then a linear classifier on the map that is left, C·H·W inputs whatever the resolution.
 */
abstract sealed class ConvolutionChain implements Network permits AlexNet, Vgg11 {
    /**
     * One convolution with stride 1.
     *
     * @param filters channels it makes
     * @param kernel side of its window
     * @param padding zeros around the map
     * @param pooled whether the map is halved after it
     */
    record Layer(int filters, int kernel, int padding, boolean pooled) {}

    private final int classes;
    private final boolean normed;
    private final List<Layer> layers;
    private final ParameterLayout layout;
    private long activations;

    /**
     * @param name of the network, for the exception
     * @param normed whether every convolution has instance norm
     * @throws IllegalArgumentException when pooling would leave nothing of the image
     */
    ConvolutionChain(String name, ImageShape shape, int classes, boolean normed, List<Layer> layers) {
        this.classes = classes;
        this.normed = normed;
        this.layers = List.copyOf(layers);
        this.layout = layout(name, shape);
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public long activationBytes() {
        return Layers.ARRAYS_A_CONVOLUTION * activations * Float.BYTES;
    }

    @Override
    public NDArray logits(NDArray theta, NDArray images) {
        Iterator<NDArray> tensors = layout.split(theta).iterator();
        NDArray x = images;
        for (Layer layer : layers) {
            NDArray y = Layers.convolve(x, tensors.next(), tensors.next(), 1, layer.padding());
            NDArray active = Activation.relu(normed ? Norm.INSTANCE.of(y, tensors.next(), tensors.next()) : y);
            x = layer.pooled() ? Layers.maxPool(active) : active;
        }
        return Layers.classify(x, tensors.next(), tensors.next());
    }

    private ParameterLayout layout(String name, ImageShape shape) {
        ModuleOrder modules = new ModuleOrder();
        FeatureMap map = FeatureMap.of(shape);
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            modules.convolution("conv" + i, map.channels(), layer.filters(), layer.kernel(), true);
            if (normed) {
                modules.norm("norm" + i, layer.filters());
            }
            map = map.convolved(layer.filters(), layer.kernel(), 1, layer.padding());
            activations += map.size();
            map = layer.pooled() ? map.pooled(2, 2) : map;
        }
        if (map.size() == 0) {
            throw new IllegalArgumentException(
                    name + " pools an image of shape " + shape + " down to nothing; it takes larger images only");
        }
        return modules.linear("classifier", map.size(), classes).layout();
    }
}
