package io.reflux.nn;

import io.reflux.image.ImageShape;
import java.util.ArrayList;
import java.util.List;

/**
 * One member of the family of 720 ConvNets that dataset-distillation papers search through (Zhao, Mopuri and Bilen, ICLR
 * 2021; Du et al., CVPR 2023): {@code depth} blocks of 3×3 convolution, norm, activation and pooling, then a linear
 * classifier.
 *
 * @param width channels of every block
 * @param depth blocks
 */
public record ConvNetVariant(int width, int depth, Nonlinearity activation, Norm norm, Pooling pooling) {
    /** Widths of the family, ascending. */
    public static final List<Integer> WIDTHS = List.of(32, 64, 128, 256);

    /** Depths of the family, ascending. */
    public static final List<Integer> DEPTHS = List.of(1, 2, 3, 4);

    private static final List<ConvNetVariant> ALL = enumerate();

    public ConvNetVariant {
        if (!WIDTHS.contains(width) || !DEPTHS.contains(depth)) {
            throw new IllegalArgumentException("the family has widths " + WIDTHS + " and depths " + DEPTHS
                    + ", but no network of width " + width + " and depth " + depth);
        }
    }

    /** All 720, ordered by width, depth, activation, norm and pooling; the last varies fastest. */
    public static List<ConvNetVariant> all() {
        return ALL;
    }

    /** Such as {@code w128-d3-relu-instance-avg}; unique in the family. */
    public String name() {
        return "w" + width + "-d" + depth + "-" + activation.key() + "-" + norm.key() + "-" + pooling.key();
    }

    /**
     * The network for images of this shape.
     *
     * @throws IllegalArgumentException when pooling would leave nothing of the image
     */
    public VariantConvNet network(ImageShape shape, int classes) {
        return new VariantConvNet(this, shape, classes);
    }

    @Override
    public String toString() {
        return name();
    }

    private static List<ConvNetVariant> enumerate() {
        List<ConvNetVariant> all = new ArrayList<>();
        for (int width : WIDTHS) {
            for (int depth : DEPTHS) {
                addBlocks(all, width, depth);
            }
        }
        return List.copyOf(all);
    }

    private static void addBlocks(List<ConvNetVariant> all, int width, int depth) {
        for (Nonlinearity activation : Nonlinearity.values()) {
            for (Norm norm : Norm.values()) {
                for (Pooling pooling : Pooling.values()) {
                    all.add(new ConvNetVariant(width, depth, activation, norm, pooling));
                }
            }
        }
    }
}
