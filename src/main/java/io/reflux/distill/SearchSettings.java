package io.reflux.distill;

/**
 * How the networks of a search are trained; momentum, weight decay and augmentation are those of the set's recipe.
 *
 * @param seed of initialisations, batches, augmentation and random images
 * @param epochs passes over the set, and over random real images (the published search: 200)
 * @param realSteps steps on real images, rounded up to whole passes
 * @param batch images a step
 * @param setRate learning rate on the set
 * @param realRate learning rate on real images
 * @param randomProxy whether networks are trained on random real images, too
 */
public record SearchSettings(
        long seed, int epochs, int realSteps, int batch, double setRate, double realRate, boolean randomProxy) {
    public SearchSettings {
        if (epochs < 1 || realSteps < 1 || batch < 1 || !(setRate > 0) || !(realRate > 0)) {
            throw new IllegalArgumentException("a search needs at least one epoch, one step and one image a batch, and"
                    + " positive learning rates; got " + epochs + ", " + realSteps + ", " + batch + ", " + setRate
                    + " and " + realRate);
        }
    }

    /** Passes over this many real images. */
    int realEpochs(int images) {
        int stepsAnEpoch = (images + batch - 1) / batch;
        return (realSteps + stepsAnEpoch - 1) / stepsAnEpoch;
    }
}
