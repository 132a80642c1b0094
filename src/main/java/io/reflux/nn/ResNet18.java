package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.reflux.image.ImageShape;
import java.util.Iterator;
import java.util.List;

/**
 * ResNet18 with instance norm, as in the dataset-distillation literature (after He, Zhang, Ren and Sun, CVPR 2016): a
 * 3×3 stem of 64 channels, eight basic blocks of two 3×3 convolutions, average pooling and a linear layer. No
 * convolution has a bias. A block is
 *
 * <pre>
 *   relu(norm(conv(relu(norm(conv(x))))) + shortcut(x))
 * </pre>
 *
 * where the shortcut is x itself, or norm(conv1×1(x)) where the block changes the shape.
 *
 * <p>The last map has an eighth of the image's side, rounded up, and is averaged over windows of 4×4 (or over all of it
 * where it is smaller). The classifier takes what is left: 512 inputs for 28 and 32 pixels, 2048 for 64, 8192 for 128.
 */
public final class ResNet18 implements Network {
    private static final int WINDOW = 4;
    private static final int STEM = 64;
    private static final List<Block> BLOCKS = List.of(
            new Block(64, 64, 1),
            new Block(64, 64, 1),
            new Block(64, 128, 2),
            new Block(128, 128, 1),
            new Block(128, 256, 2),
            new Block(256, 256, 1),
            new Block(256, 512, 2),
            new Block(512, 512, 1));

    private record Block(int channels, int filters, int stride) {
        boolean reshapes() {
            return stride != 1 || channels != filters;
        }
    }

    private final int classes;
    private final int windowHeight;
    private final int windowWidth;
    private final ParameterLayout layout;
    private final long activations;

    /** @throws IllegalArgumentException when the last map would be one pixel, which instance norm makes zero */
    public ResNet18(ImageShape shape, int classes) {
        FeatureMap map = lastMap(shape);
        if (map.height() * map.width() == 1) {
            throw new IllegalArgumentException("ResNet18 reduces an image of shape " + shape
                    + " to one pixel, of which a norm leaves nothing; it takes larger images only");
        }
        this.classes = classes;
        this.windowHeight = Math.min(WINDOW, map.height());
        this.windowWidth = Math.min(WINDOW, map.width());
        this.activations = activations(shape);
        this.layout = layout(shape, map.pooled(windowHeight, windowWidth).size(), classes);
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
        NDArray x = Activation.relu(convolveAndNorm(images, 1, 1, tensors));
        for (Block block : BLOCKS) {
            x = block(x, block, tensors);
        }
        NDArray pooled = Layers.averagePool(x, windowHeight, windowWidth);
        return Layers.classify(pooled, tensors.next(), tensors.next());
    }

    private static NDArray block(NDArray x, Block block, Iterator<NDArray> tensors) {
        NDArray hidden = Activation.relu(convolveAndNorm(x, block.stride(), 1, tensors));
        NDArray residual = convolveAndNorm(hidden, 1, 1, tensors);
        NDArray shortcut = block.reshapes() ? convolveAndNorm(x, block.stride(), 0, tensors) : x;
        return Activation.relu(residual.add(shortcut));
    }

    private static NDArray convolveAndNorm(NDArray x, int stride, int padding, Iterator<NDArray> tensors) {
        NDArray y = Layers.convolve(x, tensors.next(), null, stride, padding);
        return Norm.INSTANCE.of(y, tensors.next(), tensors.next());
    }

    private static FeatureMap lastMap(ImageShape shape) {
        FeatureMap map = FeatureMap.of(shape).convolved(STEM, 3, 1, 1);
        for (Block block : BLOCKS) {
            map = map.convolved(block.filters(), 3, block.stride(), 1);
        }
        return map;
    }

    /** Values in the outputs of all convolutions but the shortcuts'. */
    private static long activations(ImageShape shape) {
        FeatureMap map = FeatureMap.of(shape).convolved(STEM, 3, 1, 1);
        long sum = map.size();
        for (Block block : BLOCKS) {
            map = map.convolved(block.filters(), 3, block.stride(), 1);
            sum += 2L * map.size();
        }
        return sum;
    }

    private static ParameterLayout layout(ImageShape shape, int features, int classes) {
        ModuleOrder modules = new ModuleOrder()
                .convolution("stem", shape.channels(), STEM, 3, false)
                .norm("stem.norm", STEM);
        for (int i = 0; i < BLOCKS.size(); i++) {
            Block block = BLOCKS.get(i);
            String name = "block" + i;
            modules.convolution(name + ".conv1", block.channels(), block.filters(), 3, false)
                    .norm(name + ".norm1", block.filters())
                    .convolution(name + ".conv2", block.filters(), block.filters(), 3, false)
                    .norm(name + ".norm2", block.filters());
            if (block.reshapes()) {
                modules.convolution(name + ".shortcut", block.channels(), block.filters(), 1, false)
                        .norm(name + ".shortcut.norm", block.filters());
            }
        }
        return modules.linear("classifier", features, classes).layout();
    }
}
