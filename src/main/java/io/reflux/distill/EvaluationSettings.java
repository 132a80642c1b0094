package io.reflux.distill;

/**
 * How a set is judged: students trained from fresh initialisations and tested once at the end.
 *
 * @param students networks trained on the distilled set and on the whole sample
 * @param randomDraws random real sets of the same size, one network each
 * @param epochs passes over a small set (the published protocol: 1001)
 * @param batch images a step
 * @param realRate learning rate of students on real images
 * @param sampleSteps steps of a student on the whole sample
 */
public record EvaluationSettings(
        int students, int randomDraws, int epochs, int batch, double realRate, int sampleSteps) {
    public EvaluationSettings {
        Settings.require(students >= 1, "evaluation.students", students, "at least 1");
        Settings.require(randomDraws >= 1, "evaluation.random-draws", randomDraws, "at least 1");
        Settings.require(epochs >= 1, "evaluation.epochs", epochs, "at least 1");
        Settings.require(batch >= 1, "evaluation.batch", batch, "at least 1");
        Settings.require(realRate > 0, "evaluation.real-rate", realRate, "positive");
        Settings.require(sampleSteps >= 1, "evaluation.sample-steps", sampleSteps, "at least 1");
    }

    /** The recipe on a few real images: their rate and batch in place of those of a set. */
    StudentRecipe onRealImages(StudentRecipe recipe) {
        return onRealImages(recipe, recipe.epochs());
    }

    /** The recipe on all images of a sample: as many whole epochs as it takes for {@code sampleSteps} steps. */
    StudentRecipe onWholeSample(StudentRecipe recipe, int images) {
        int stepsAnEpoch = (images + batch - 1) / batch;
        return onRealImages(recipe, Math.max(1, (sampleSteps + stepsAnEpoch - 1) / stepsAnEpoch));
    }

    private StudentRecipe onRealImages(StudentRecipe recipe, int passes) {
        return new StudentRecipe(
                realRate,
                recipe.momentum(),
                recipe.weightDecay(),
                passes,
                batch,
                recipe.augmentation(),
                recipe.network());
    }
}
