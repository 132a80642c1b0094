package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import java.util.Optional;

/**
 * Settings with a name.
 *
 * @param name such as {@code cifar10-ipc10}
 * @param method that they are of
 * @param data that they were published for; empty when they are for any
 * @param settings all of them
 */
public record Preset(String name, Method method, Optional<Benchmark> data, DistillationSettings settings) {
    /**
     * Refuses images that the settings were not made for.
     *
     * @throws InvalidSettingsException when shape or number of classes differ from those of the preset's data
     */
    public void requireFits(ImageSet images) {
        data.ifPresent(
                wanted -> requireFits(wanted, images.shape(), images.classes().size()));
    }

    private void requireFits(Benchmark wanted, ImageShape shape, int classes) {
        if (!wanted.shape().equals(shape) || wanted.classes() != classes) {
            throw new InvalidSettingsException(
                    Presets.PROPERTY,
                    "is " + name + ", made for " + wanted.title() + " (images of " + wanted.shape() + " in "
                            + wanted.classes() + " classes), but these are images of " + shape + " in " + classes
                            + " classes; choose a preset for such data (--list-presets), or take single settings from"
                            + " it by --set (--show-config prints them)");
        }
    }
}
