package io.reflux.distill;

import io.reflux.nn.AugmentationFamily;
import java.util.Set;

/**
 * How a student is trained: SGD with momentum and weight decay, the rate divided by ten once after half the epochs
 * (the momentum starts anew there), one augmentation family a batch.
 *
 * @param learningRate of the first half
 * @param momentum of SGD
 * @param weightDecay of SGD
 * @param epochs passes over the set
 * @param batch images a step
 * @param augmentation families drawn from
 * @param network the student's architecture
 */
public record StudentRecipe(
        double learningRate,
        double momentum,
        double weightDecay,
        int epochs,
        int batch,
        Set<AugmentationFamily> augmentation,
        NetworkSettings network) {
    public StudentRecipe {
        augmentation = Set.copyOf(augmentation);
        if (!Double.isFinite(learningRate) || epochs < 1 || batch < 1) {
            throw new IllegalArgumentException("a student cannot train at rate " + learningRate + " for " + epochs
                    + " epochs on batches of " + batch);
        }
    }

    /** The same for another number of passes over the set. */
    public StudentRecipe withEpochs(int value) {
        return new StudentRecipe(learningRate, momentum, weightDecay, value, batch, augmentation, network);
    }
}
