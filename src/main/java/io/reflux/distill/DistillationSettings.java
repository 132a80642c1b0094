package io.reflux.distill;

import io.reflux.nn.AugmentationFamily;
import java.util.Set;

/**
 * Everything that decides a distillation, together with the sample.
 *
 * @param imagesPerClass IPC, synthetic images a class
 * @param start real images that the synthetic ones begin as
 * @param seed every random draw derives from it
 * @param augmentation families drawn from, in experts, matching and students alike
 * @param whitening of the images that all stages see
 */
public record DistillationSettings(
        int imagesPerClass,
        StartImages start,
        long seed,
        NetworkSettings network,
        Set<AugmentationFamily> augmentation,
        WhiteningSetting whitening,
        ExpertSettings experts,
        MatchingSettings matching,
        EvaluationSettings evaluation) {
    public DistillationSettings {
        augmentation = Set.copyOf(augmentation);
        Settings.require(imagesPerClass >= 1, "images-per-class", imagesPerClass, "at least 1");
        int last = matching.lastTarget();
        if (last > experts.epochs()) {
            throw new InvalidSettingsException(
                    "matching.max-start-epoch",
                    "is " + matching.window().maxStartEpoch() + ": with matching.matched-epochs "
                            + matching.matchedEpochs()
                            + " the target would be snapshot " + last + ", but experts.epochs "
                            + experts.epochs() + " ends the trajectory before it; lower one or raise experts.epochs");
        }
    }

    /** Defaults that give a useful set in minutes on two cores; published settings need a GPU or days. */
    public static DistillationSettings cpuSmall() {
        return new DistillationSettings(
                1,
                StartImages.HERDED,
                1,
                new NetworkSettings(32, 0),
                AugmentationFamily.all(),
                WhiteningSetting.NONE,
                new ExpertSettings(4, 1, 4, 64, 0.02, 0.01, 0.3),
                new MatchingSettings(200, 30, 2, 2, 0, 200, 1e-5, 0.01, 0.5, 0.99, Guards.on()),
                new EvaluationSettings(2, 5, 501, 128, 0.01, 300));
    }

    public DistillationSettings withImagesPerClass(int images) {
        return new DistillationSettings(
                images, start, seed, network, augmentation, whitening, experts, matching, evaluation);
    }

    public DistillationSettings withStart(StartImages value) {
        return new DistillationSettings(
                imagesPerClass, value, seed, network, augmentation, whitening, experts, matching, evaluation);
    }

    public DistillationSettings withSeed(long value) {
        return new DistillationSettings(
                imagesPerClass, start, value, network, augmentation, whitening, experts, matching, evaluation);
    }

    public DistillationSettings withNetwork(NetworkSettings value) {
        return new DistillationSettings(
                imagesPerClass, start, seed, value, augmentation, whitening, experts, matching, evaluation);
    }

    public DistillationSettings withAugmentation(Set<AugmentationFamily> families) {
        return new DistillationSettings(
                imagesPerClass, start, seed, network, families, whitening, experts, matching, evaluation);
    }

    public DistillationSettings withWhitening(WhiteningSetting value) {
        return new DistillationSettings(
                imagesPerClass, start, seed, network, augmentation, value, experts, matching, evaluation);
    }

    public DistillationSettings withExperts(ExpertSettings value) {
        return new DistillationSettings(
                imagesPerClass, start, seed, network, augmentation, whitening, value, matching, evaluation);
    }

    public DistillationSettings withMatching(MatchingSettings value) {
        return new DistillationSettings(
                imagesPerClass, start, seed, network, augmentation, whitening, experts, value, evaluation);
    }

    public DistillationSettings withEvaluation(EvaluationSettings value) {
        return new DistillationSettings(
                imagesPerClass, start, seed, network, augmentation, whitening, experts, matching, value);
    }
}
