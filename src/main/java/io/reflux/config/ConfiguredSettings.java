package io.reflux.config;

import io.reflux.distill.DistillationSettings;
import io.reflux.distill.EvaluationSettings;
import io.reflux.distill.ExpertSettings;
import io.reflux.distill.Guards;
import io.reflux.distill.InvalidSettingsException;
import io.reflux.distill.LabelSettings;
import io.reflux.distill.MatchingSettings;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.Preset;
import io.reflux.distill.Presets;
import io.reflux.distill.StartWindow;
import io.reflux.nn.AugmentationFamily;
import io.reflux.wire.ImageHeaders;
import java.util.Optional;
import java.util.Set;

/** Turns the configuration into distillation settings, refusing what cannot work. */
public final class ConfiguredSettings {
    private final RefluxConfig config;

    public ConfiguredSettings(RefluxConfig config) {
        this.config = config;
    }

    /**
     * Checks the settings of all feeds, configured or not.
     *
     * @throws InvalidSettingsException naming the property
     * @throws InvalidConfigurationException naming the property
     */
    public void check() {
        preset();
        of(ImageHeaders.DEFAULT_FEED);
        config.feeds().keySet().forEach(this::of);
    }

    /**
     * The preset that the settings begin from, where one is named.
     *
     * @throws InvalidSettingsException when there is none of that name
     */
    public Optional<Preset> preset() {
        return config.distillation().preset().map(name -> Presets.named(name.strip()));
    }

    /**
     * The settings of a feed's rounds.
     *
     * @throws InvalidSettingsException naming the property
     */
    public DistillationSettings of(String feed) {
        Optional<FeedConfig> own = Optional.ofNullable(config.feeds().get(feed));
        DistillationSettings settings = general();
        if (own.isPresent()) {
            FeedConfig feedConfig = own.get();
            settings = settings.withImagesPerClass(feedConfig.imagesPerClass().orElse(settings.imagesPerClass()));
            if (feedConfig.augmentation().isPresent()) {
                settings = settings.withAugmentation(
                        families(feedConfig.augmentation().get()));
            }
        }
        return fitting(settings, FeedSettings.of(config, feed));
    }

    private DistillationSettings general() {
        DistillationConfig distillation = config.distillation();
        return new DistillationSettings(
                distillation.imagesPerClass(),
                distillation.start(),
                distillation.seed(),
                new NetworkSettings(
                        distillation.network().width(), distillation.network().depth()),
                families(distillation.augmentation()),
                distillation.whitening(),
                experts(distillation.experts()),
                matching(distillation.matching()),
                evaluation(distillation.evaluation()));
    }

    private static ExpertSettings experts(DistillationConfig.Experts experts) {
        return new ExpertSettings(
                experts.count(),
                experts.perRound(),
                experts.epochs(),
                experts.batch(),
                experts.learningRate(),
                experts.flatness(),
                experts.gapWeight());
    }

    private static MatchingSettings matching(DistillationConfig.Matching matching) {
        return new MatchingSettings(
                matching.iterations(),
                matching.innerSteps(),
                matching.matchedEpochs(),
                new StartWindow(
                        matching.minStartEpoch(),
                        matching.maxStartEpoch(),
                        matching.firstMaxStartEpoch(),
                        matching.expansionIterations()),
                matching.batch(),
                matching.imageLearningRate(),
                matching.rateLearningRate(),
                matching.initialRate(),
                matching.momentum(),
                matching.averageDecay(),
                new LabelSettings(matching.labelLearningRate(), matching.labelMomentum()),
                new Guards(
                        matching.positiveLearningRate(),
                        matching.lossGate(),
                        matching.gatePatience(),
                        matching.restores()));
    }

    private static EvaluationSettings evaluation(DistillationConfig.Evaluation evaluation) {
        return new EvaluationSettings(
                evaluation.students(),
                evaluation.randomDraws(),
                evaluation.epochs(),
                evaluation.batch(),
                evaluation.realRate(),
                evaluation.sampleSteps());
    }

    private static Set<AugmentationFamily> families(String strategy) {
        try {
            return AugmentationFamily.parse(strategy);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException("augmentation", "names an " + e.getMessage());
        }
    }

    private static DistillationSettings fitting(DistillationSettings settings, FeedSettings feed) {
        if (settings.imagesPerClass() > feed.perClass()) {
            throw new InvalidSettingsException(
                    "images-per-class",
                    "is " + settings.imagesPerClass() + ", more than the sample of " + feed.perClass()
                            + " images a class; lower it or raise reflux.sample.per-class");
        }
        return settings;
    }
}
