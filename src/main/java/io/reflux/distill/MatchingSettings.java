package io.reflux.distill;

/**
 * How trajectories are matched (Cazenavette et al., CVPR 2022).
 *
 * @param iterations outer iterations
 * @param innerSteps N, plain SGD steps of the student on the synthetic set
 * @param matchedEpochs M, expert epochs between start and target
 * @param window which snapshots a student starts from
 * @param batch synthetic images an inner step; 0 takes all
 * @param imageLearningRate step on the images
 * @param rateLearningRate step on the student learning rate β
 * @param initialRate β at the start
 * @param momentum of the images and of β
 * @param averageDecay d of the exponential moving average of the images and of learned labels; 0 publishes them as they are
 * @param labels fixed, or learned with the images
 * @param guards against divergence
 */
public record MatchingSettings(
        int iterations,
        int innerSteps,
        int matchedEpochs,
        StartWindow window,
        int batch,
        double imageLearningRate,
        double rateLearningRate,
        double initialRate,
        double momentum,
        double averageDecay,
        LabelSettings labels,
        Guards guards) {
    public MatchingSettings {
        Settings.require(iterations >= 1, "matching.iterations", iterations, "at least 1");
        Settings.require(innerSteps >= 1, "matching.inner-steps", innerSteps, "at least 1");
        Settings.require(matchedEpochs >= 1, "matching.matched-epochs", matchedEpochs, "at least 1");
        Settings.require(batch >= 0, "matching.batch", batch, "0 (all) or more");
        Settings.require(imageLearningRate > 0, "matching.image-learning-rate", imageLearningRate, "positive");
        Settings.require(rateLearningRate >= 0, "matching.rate-learning-rate", rateLearningRate, "0 or more");
        Settings.require(initialRate > 0, "matching.initial-rate", initialRate, "positive");
        Settings.require(momentum >= 0 && momentum < 1, "matching.momentum", momentum, "in [0, 1)");
        Settings.require(averageDecay >= 0 && averageDecay < 1, "matching.average-decay", averageDecay, "in [0, 1)");
    }

    /** Matching with fixed labels and a window 0 … {@code maxStartEpoch} − 1 that stays. */
    public MatchingSettings(
            int iterations,
            int innerSteps,
            int matchedEpochs,
            int maxStartEpoch,
            int batch,
            double imageLearningRate,
            double rateLearningRate,
            double initialRate,
            double momentum,
            double averageDecay,
            Guards guards) {
        this(
                iterations,
                innerSteps,
                matchedEpochs,
                StartWindow.fixed(maxStartEpoch),
                batch,
                imageLearningRate,
                rateLearningRate,
                initialRate,
                momentum,
                averageDecay,
                LabelSettings.fixed(),
                guards);
    }

    /** The last snapshot that is ever a target. */
    public int lastTarget() {
        return window.maxStartEpoch() - 1 + matchedEpochs;
    }
}
