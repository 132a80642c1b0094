package io.reflux.distill;

import io.reflux.image.ImageShape;
import io.reflux.nn.ConvNet;

/** The data that settings were published for. */
public enum Benchmark {
    /** 50,000 images to learn from. */
    CIFAR10("CIFAR-10", 32, 10, WhiteningSetting.CIFAR_STATISTICS),
    /** 50,000 images to learn from. */
    CIFAR100("CIFAR-100", 32, 100, WhiteningSetting.CIFAR_STATISTICS),
    /** 100,000 images to learn from. */
    TINY("Tiny ImageNet", 64, 200, WhiteningSetting.IMAGENET_STATISTICS),
    /** Ten classes of ImageNet, such as Imagenette. */
    IMAGENET_SUBSET("an ImageNet subset", 128, 10, WhiteningSetting.IMAGENET_STATISTICS);

    private final String title;
    private final ImageShape shape;
    private final int classes;
    private final WhiteningSetting statistics;

    Benchmark(String title, int side, int classes, WhiteningSetting statistics) {
        this.title = title;
        this.shape = new ImageShape(3, side, side);
        this.classes = classes;
        this.statistics = statistics;
    }

    /** What it is called. */
    public String title() {
        return title;
    }

    public ImageShape shape() {
        return shape;
    }

    public int classes() {
        return classes;
    }

    /** What normalises the images where they are not whitened. */
    WhiteningSetting statistics() {
        return statistics;
    }

    /** Blocks of the ConvNet for its resolution: 3 for 32×32, 4 for 64×64, 5 for 128×128. */
    public int depth() {
        return ConvNet.depthFor(shape);
    }
}
