package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.reflux.image.ImageShape;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A {@link ConvNetVariant} for images of one shape. With ReLU, instance norm and average pooling it is {@link ConvNet},
 * to the order of its parameters.
 *
 * <p>Batch norm trains on the statistics of the batch, and tests on those of the training images, which
 * {@link #settled} measures once, when the parameters are final. So a network stays a function of its parameters, and
 * nothing depends on how often or in which order batches came by. PyTorch's running averages lag behind the parameters;
 * measuring afterwards is "precise batch norm" (Wu and Johnson, 2021).
 */
public final class VariantConvNet implements Network {
    private final ConvNetVariant variant;
    private final int classes;
    private final List<Block> blocks;
    private final ParameterLayout layout;

    /**
     * @param border zeros around the input
     * @param convolved the map that is normalised
     * @param output the map that is left after pooling
     */
    private record Block(FeatureMap input, int border, FeatureMap convolved, FeatureMap output) {}

    /** How the map [B,C,H,W] of a block is normalised. */
    interface BlockNorm {
        NDArray of(int block, NDArray y, NDArray scale, NDArray shift);
    }

    /** @throws IllegalArgumentException when pooling would leave nothing of the image */
    VariantConvNet(ConvNetVariant variant, ImageShape shape, int classes) {
        this.variant = variant;
        this.classes = classes;
        this.blocks = blocks(variant, shape);
        this.layout = layout(variant, blocks, classes);
    }

    @Override
    public ParameterLayout layout() {
        return layout;
    }

    @Override
    public int classes() {
        return classes;
    }

    /** Multiply-adds of convolutions and classifier for one image: how long it takes, beside another network. */
    public long multiplications() {
        long total = (long) last(blocks).output().size() * classes;
        for (Block block : blocks) {
            total += 9L * block.input().channels() * block.convolved().size();
        }
        return total;
    }

    @Override
    public long activationBytes() {
        long maps = blocks.stream().mapToLong(block -> block.convolved().size()).sum();
        return Layers.ARRAYS_A_CONVOLUTION * maps * Float.BYTES;
    }

    @Override
    public boolean mixesBatch() {
        return variant.norm() == Norm.BATCH;
    }

    @Override
    public NDArray logits(NDArray theta, NDArray images) {
        return logits(theta, images, (block, y, scale, shift) -> variant.norm().of(y, scale, shift));
    }

    @Override
    public Network settled(NDManager owner, NDArray theta, NDArray images, List<int[]> batches) {
        if (!mixesBatch()) {
            return this;
        }
        BatchMoments moments = new BatchMoments(variant.depth(), variant.width());
        for (int[] batch : batches) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                logits(theta, images.get(owner.create(batch)), (block, y, scale, shift) -> {
                    moments.add(block, y);
                    return variant.norm().of(y, scale, shift);
                });
            }
        }
        return new SettledConvNet(this, moments.settle(owner, theta.getDataType()));
    }

    NDArray logits(NDArray theta, NDArray images, BlockNorm norm) {
        Iterator<NDArray> tensors = layout.split(theta).iterator();
        NDArray x = images;
        for (int i = 0; i < blocks.size(); i++) {
            NDArray y = Layers.convolve(
                    x, tensors.next(), tensors.next(), 1, blocks.get(i).border());
            NDArray normed = variant.norm() == Norm.NONE ? y : norm.of(i, y, tensors.next(), tensors.next());
            x = variant.pooling().of(variant.activation().of(normed));
        }
        return Layers.classify(x, tensors.next(), tensors.next());
    }

    private static List<Block> blocks(ConvNetVariant variant, ImageShape shape) {
        List<Block> blocks = new ArrayList<>();
        FeatureMap input = FeatureMap.of(shape);
        for (int i = 0; i < variant.depth(); i++) {
            int border = i == 0 && ConvNet.paddedTo32(shape) ? 3 : 1;
            FeatureMap convolved = input.convolved(variant.width(), 3, 1, border);
            FeatureMap output = variant.pooling().of(convolved);
            blocks.add(new Block(input, border, convolved, output));
            input = output;
        }
        if (input.size() == 0) {
            throw new IllegalArgumentException("the network " + variant.name() + " pools images of shape " + shape
                    + " down to nothing; leave its depth out");
        }
        return List.copyOf(blocks);
    }

    private static ParameterLayout layout(ConvNetVariant variant, List<Block> blocks, int classes) {
        ModuleOrder modules = new ModuleOrder();
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            modules.convolution("block" + i + ".conv", block.input().channels(), variant.width(), 3, true);
            if (variant.norm() != Norm.NONE) {
                modules.norm("block" + i + ".norm", variant.norm().parameters(block.convolved()));
            }
        }
        return modules.linear("classifier", last(blocks).output().size(), classes)
                .layout();
    }

    private static Block last(List<Block> blocks) {
        return blocks.get(blocks.size() - 1);
    }
}
