package io.reflux.nn;

import io.reflux.image.ImageShape;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The networks that students can be, by name. */
public enum Architecture {
    CONVNET("ConvNet"),
    ALEXNET("AlexNet"),
    VGG11("VGG11"),
    RESNET18("ResNet18");

    private final String title;

    Architecture(String title) {
        this.title = title;
    }

    /**
     * The architecture of this name, in any case.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static Architecture named(String name) {
        return Stream.of(values())
                .filter(known -> known.key().equals(name.strip().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no network '" + name + "'; there are " + keys()));
    }

    /** All names, separated by commas. */
    public static String keys() {
        return Stream.of(values()).map(Architecture::key).collect(Collectors.joining(", "));
    }

    /** As written on a command line: {@code convnet}, {@code alexnet}, … */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As written in papers: {@code ConvNet}, {@code AlexNet}, … */
    public String title() {
        return title;
    }

    /**
     * A network of this architecture.
     *
     * @param shape of the images
     * @param width channels of a block, of {@link #CONVNET} only
     * @param depth blocks, of {@link #CONVNET} only; 0 chooses by resolution
     * @throws IllegalArgumentException when the images are too small for it
     */
    public Network network(ImageShape shape, int classes, int width, int depth) {
        return switch (this) {
            case CONVNET -> new ConvNet(shape, classes, width, depth);
            case ALEXNET -> new AlexNet(shape, classes);
            case VGG11 -> new Vgg11(shape, classes);
            case RESNET18 -> new ResNet18(shape, classes);
        };
    }
}
