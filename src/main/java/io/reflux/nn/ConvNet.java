package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.reflux.image.ImageShape;
import io.reflux.nn.ParameterLayout.Entry;
import io.reflux.nn.ParameterLayout.Start;
import java.util.ArrayList;
import java.util.List;

/**
 * ConvNet-D{n} of the dataset-distillation literature (Gidaris and Komodakis, CVPR 2018): n blocks of 3×3 convolution,
 * instance norm, ReLU and 2×2 average pooling, then a linear classifier.
 *
 * <p>{@link #pullback} runs it on dual numbers: with a tangent λ of the parameters it has the logits z and their
 * derivative ż along λ, from which ⟨∇ℓ(θ), λ⟩ and its gradients follow without a graph of a gradient. Each convolution
 * is linear in its input and in its weight, (x∗W)' = ẋ∗W + x∗Ẇ, and the first one has ẋ = 0: the dual pass costs three
 * plain ones, and going back through it five, because λ is a constant. The formulas of the norm stand in
 * {@code ConvNet.torchscript}.
 *
 * <p>One-channel 28×28 images are padded to 32×32 by the first convolution, as in the published networks.
 */
public final class ConvNet implements ClosedFormNetwork {
    private static final TorchScript SCRIPT = new TorchScript("ConvNet");
    /** Maps of the first block's size that are alive at the most, those of later blocks counted by their size. */
    private static final int PLAIN_MAPS = 7;

    private static final int DUAL_MAPS = 12;

    private final ImageShape shape;
    private final int classes;
    private final int width;
    private final int depth;
    private final ParameterLayout layout;

    /**
     * @param depth blocks; 0 chooses by resolution
     * @throws IllegalArgumentException when pooling would leave nothing of the image
     */
    public ConvNet(ImageShape shape, int classes, int width, int depth) {
        this.shape = shape;
        this.classes = classes;
        this.width = width;
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

    @Override
    public long activationBytes() {
        return PLAIN_MAPS * largestMap();
    }

    /** About the bytes that one image takes in {@link #pullback}, in float32. */
    public long pullbackBytes() {
        return DUAL_MAPS * largestMap();
    }

    /** Bytes of the first block's output before it is pooled. */
    private long largestMap() {
        int border = 2 * (padding() - 1);
        return (long) width * (shape.height() + border) * (shape.width() + border) * Float.BYTES;
    }

    @Override
    public NDArray logits(NDArray theta, NDArray images) {
        return call("logits", theta, theta, images)[0];
    }

    /** What the classifier is given: the last block's maps of images [B,C,H,W] as rows [B,F]. */
    public NDArray features(NDArray theta, NDArray images) {
        return call("features", theta, theta, images)[0];
    }

    @Override
    public Gradient gradient(NDArray theta, NDArray images, NDArray probabilities) {
        NDArray[] parts = call("gradient", theta, new NDArray[] {theta, images, probabilities}, false);
        parts[2].close();
        return new Gradient(parts[0], parts[1]);
    }

    /** ∂/∂images [B,C,H,W] of the loss that {@link #gradient} has. */
    public NDArray imageGradient(NDArray theta, NDArray images, NDArray probabilities) {
        NDArray[] parts = call("gradient", theta, new NDArray[] {theta, images, probabilities}, true);
        parts[0].close();
        parts[1].close();
        return parts[2];
    }

    /**
     * s = Σ_b Σ_c (softmax(z) − p)·ż, the derivative of the summed cross-entropy along a direction, and its gradients.
     *
     * @param product s, a scalar
     * @param parameters ∂s/∂θ [P], the Hessian of the loss times the direction
     * @param images ∂s/∂x [B,C,H,W]
     * @param probabilities ∂s/∂p [B,K]
     */
    public record Pullback(NDArray product, NDArray parameters, NDArray images, NDArray probabilities) {}

    /**
     * @param theta [P]; its manager owns the result
     * @param tangent the direction λ [P], a constant
     * @param images [B,C,H,W]
     * @param probabilities labels [B,K]
     */
    public Pullback pullback(NDArray theta, NDArray tangent, NDArray images, NDArray probabilities) {
        NDArray[] parts = call("pullback", theta, theta, tangent, images, probabilities);
        return new Pullback(parts[0], parts[1], parts[2], parts[3]);
    }

    private NDArray[] call(String method, NDArray owner, NDArray... tensors) {
        return SCRIPT.call(method, owner.getManager(), tensors, numbers(), channelsLast(owner));
    }

    private NDArray[] call(String method, NDArray owner, NDArray[] tensors, boolean images) {
        return SCRIPT.call(method, owner.getManager(), tensors, numbers(), channelsLast(owner), images);
    }

    private long[] numbers() {
        return new long[] {depth, width, classes, padding()};
    }

    private static boolean channelsLast(NDArray array) {
        return !array.getDevice().isGpu();
    }

    private int padding() {
        return paddedTo32(shape) ? 3 : 1;
    }

    static boolean paddedTo32(ImageShape shape) {
        return shape.channels() == 1 && shape.height() == 28 && shape.width() == 28;
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
