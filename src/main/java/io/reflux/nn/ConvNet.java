package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import io.reflux.image.ImageShape;
import io.reflux.nn.ParameterLayout.Entry;
import io.reflux.nn.ParameterLayout.Start;
import java.util.ArrayList;
import java.util.List;

/**
 * ConvNet-D{n} of the dataset-distillation literature (Gidaris and Komodakis, CVPR 2018): n blocks of 3×3 convolution,
 * instance norm, ReLU and 2×2 average pooling, then a linear classifier.
 *
 * <p>{@link #logits(NDArray, NDArray, NDArray)} runs it on dual numbers: with a tangent λ of the parameters it yields
 * the logits z and their derivative ż along λ, from which ⟨∇ℓ(θ), λ⟩ follows without a graph of a gradient. A dual
 * pass costs three plain ones: each convolution is linear in its input and in its weight, so
 * (x∗W)' = ẋ∗W + x∗Ẇ, and the first one has ẋ = 0.
 *
 * <p>One-channel 28×28 images are padded to 32×32 by the first convolution, as in the published networks.
 */
public final class ConvNet implements Network {
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);
    private static final Shape NONE = new Shape(0, 0);
    private static final int TENSORS_A_BLOCK = 4;

    private final ImageShape shape;
    private final int classes;
    private final int depth;
    private final ParameterLayout layout;

    /**
     * @param depth blocks; 0 chooses by resolution
     * @throws IllegalArgumentException when pooling would leave nothing of the image
     */
    public ConvNet(ImageShape shape, int classes, int width, int depth) {
        this.shape = shape;
        this.classes = classes;
        this.depth = depth == 0 ? depthFor(shape) : depth;
        this.layout = layout(shape, classes, width, this.depth);
    }

    /** ⌊log₂ side⌋ − 2 of the shorter side, at least 1, with 28 counted as 32. */
    public static int depthFor(ImageShape shape) {
        int side = Math.min(shape.height(), shape.width());
        int counted = side == 28 ? 32 : side;
        return Math.max(1, 31 - Integer.numberOfLeadingZeros(counted) - 2);
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public int classes() {
        return classes;
    }

    public int depth() {
        return depth;
    }

    @Override
    public NDArray logits(NDArray theta, NDArray images) {
        List<NDArray> tensors = layout.split(theta);
        int at = depth * TENSORS_A_BLOCK;
        return linear(features(tensors, images), tensors.get(at), tensors.get(at + 1));
    }

    /** What the classifier is given: the last block's maps of images [B,C,H,W] as rows [B,F]. */
    public NDArray features(NDArray theta, NDArray images) {
        return features(layout.split(theta), images);
    }

    private NDArray features(List<NDArray> tensors, NDArray images) {
        NDArray x = images;
        for (int block = 0; block < depth; block++) {
            int at = block * TENSORS_A_BLOCK;
            NDArray y = convolve(x, tensors.get(at), tensors.get(at + 1), padding(block));
            NDArray normed = InstanceNorm.value(y, tensors.get(at + 2), tensors.get(at + 3));
            x = pool(Activation.relu(normed));
        }
        return flatten(x);
    }

    /**
     * Logits [B,K] and their derivative along {@code tangent} [P]; differentiable in the parameters and the images.
     */
    public Dual logits(NDArray theta, NDArray tangent, NDArray images) {
        List<NDArray> tensors = layout.split(theta);
        List<NDArray> directions = layout.split(tangent);
        Dual x = firstBlock(images, tensors, directions);
        for (int block = 1; block < depth; block++) {
            x = laterBlock(x, block, tensors, directions);
        }
        int at = depth * TENSORS_A_BLOCK;
        NDArray features = flatten(x.value());
        NDArray value = linear(features, tensors.get(at), tensors.get(at + 1));
        NDArray change = flatten(x.tangent()).matMul(tensors.get(at).transpose());
        return new Dual(
                value,
                linear(features, directions.get(at), directions.get(at + 1)).add(change));
    }

    private Dual firstBlock(NDArray images, List<NDArray> tensors, List<NDArray> directions) {
        NDArray y = convolve(images, tensors.get(0), tensors.get(1), padding(0));
        NDArray change = convolve(images, directions.get(0), directions.get(1), padding(0));
        return normaliseAndPool(new Dual(y, change), 0, tensors, directions);
    }

    private Dual laterBlock(Dual x, int block, List<NDArray> tensors, List<NDArray> directions) {
        int at = block * TENSORS_A_BLOCK;
        NDArray y = convolve(x.value(), tensors.get(at), tensors.get(at + 1), ONE);
        NDArray change = convolve(x.value(), directions.get(at), directions.get(at + 1), ONE)
                .add(convolve(x.tangent(), tensors.get(at), null, ONE));
        return normaliseAndPool(new Dual(y, change), block, tensors, directions);
    }

    private static Dual normaliseAndPool(Dual y, int block, List<NDArray> tensors, List<NDArray> directions) {
        int at = block * TENSORS_A_BLOCK;
        Dual normed = InstanceNorm.dual(
                y,
                new Dual(tensors.get(at + 2), directions.get(at + 2)),
                new Dual(tensors.get(at + 3), directions.get(at + 3)));
        DataType type = normed.value().getDataType();
        NDArray active = normed.value().gt(0).toType(type, false);
        return new Dual(
                pool(Activation.relu(normed.value())), pool(normed.tangent().mul(active)));
    }

    private Shape padding(int block) {
        return block == 0 && paddedTo32(shape) ? new Shape(3, 3) : ONE;
    }

    static boolean paddedTo32(ImageShape shape) {
        return shape.channels() == 1 && shape.height() == 28 && shape.width() == 28;
    }

    private static NDArray convolve(
            NDArray x, NDArray weight, @org.jspecify.annotations.Nullable NDArray bias, Shape padding) {
        return Conv2d.conv2d(x, weight, bias, ONE, padding, ONE).singletonOrThrow();
    }

    private static NDArray pool(NDArray x) {
        return Pool.avgPool2d(x, TWO, TWO, NONE, false, true);
    }

    private static NDArray linear(NDArray x, NDArray weight, NDArray bias) {
        return Linear.linear(x, weight, bias).singletonOrThrow();
    }

    private static NDArray flatten(NDArray x) {
        return x.reshape(x.getShape().get(0), -1);
    }

    private static ParameterLayout layout(ImageShape shape, int classes, int width, int depth) {
        List<Entry> entries = new ArrayList<>();
        int channels = shape.channels();
        int height = paddedTo32(shape) ? 32 : shape.height();
        int breadth = paddedTo32(shape) ? 32 : shape.width();
        for (int block = 0; block < depth; block++) {
            int fanIn = channels * 9;
            String name = "block" + block;
            entries.add(new Entry(name + ".conv.weight", new Shape(width, channels, 3, 3), Start.UNIFORM, fanIn));
            entries.add(new Entry(name + ".conv.bias", new Shape(width), Start.UNIFORM, fanIn));
            entries.add(new Entry(name + ".norm.weight", new Shape(width), Start.ONE, 0));
            entries.add(new Entry(name + ".norm.bias", new Shape(width), Start.ZERO, 0));
            channels = width;
            height /= 2;
            breadth /= 2;
        }
        int features = width * height * breadth;
        if (features == 0) {
            throw new IllegalArgumentException("a ConvNet of depth " + depth + " pools an image of " + shape
                    + " down to nothing; lower the depth");
        }
        entries.add(new Entry("classifier.weight", new Shape(classes, features), Start.UNIFORM, features));
        entries.add(new Entry("classifier.bias", new Shape(classes), Start.UNIFORM, features));
        return new ParameterLayout(entries);
    }
}
