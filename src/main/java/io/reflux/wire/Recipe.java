package io.reflux.wire;

import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.nn.AugmentationFamily;

/**
 * How a consumer trains a student on the set: a {@link StudentRecipe} in JSON.
 *
 * @param learningRate of the first half of the epochs; the second half takes a tenth of it
 * @param augmentation strategy, families joined by {@code _}, or {@code none}
 */
public record Recipe(
        double learningRate,
        double momentum,
        double weightDecay,
        int epochs,
        int batch,
        String augmentation,
        Network network) {
    /**
     * The student's network.
     *
     * @param type {@code ConvNet}
     * @param width channels a block
     * @param depth blocks; 0 chooses by resolution
     */
    public record Network(String type, int width, int depth) {}

    public static Recipe of(StudentRecipe recipe) {
        NetworkSettings network = recipe.network();
        return new Recipe(
                recipe.learningRate(),
                recipe.momentum(),
                recipe.weightDecay(),
                recipe.epochs(),
                recipe.batch(),
                AugmentationFamily.format(recipe.augmentation()),
                new Network("ConvNet", network.width(), network.depth()));
    }

    /** The recipe as the core takes it. */
    public StudentRecipe student() {
        return new StudentRecipe(
                learningRate,
                momentum,
                weightDecay,
                epochs,
                batch,
                AugmentationFamily.parse(augmentation),
                new NetworkSettings(network.width(), network.depth()));
    }
}
