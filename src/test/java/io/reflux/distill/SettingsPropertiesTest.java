package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.nn.AugmentationFamily;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SettingsPropertiesTest {
    private static final DistillationSettings DEFAULTS = DistillationSettings.cpuSmall();

    @Test
    void readsBackWhatItWrites() {
        Map<String, String> written = SettingsProperties.write(DEFAULTS);

        DistillationSettings read = SettingsProperties.apply(DEFAULTS.withSeed(9), written);

        assertThat(read).isEqualTo(DEFAULTS);
    }

    @Test
    void putsWindowLabelsAndGuardsBesideTheMatchingSettings() {
        assertThat(SettingsProperties.write(DEFAULTS))
                .containsKeys("matching.min-start-epoch", "matching.max-start-epoch", "matching.first-max-start-epoch")
                .containsKeys("matching.expansion-iterations", "matching.label-learning-rate")
                .containsKeys("matching.loss-gate", "matching.restores", "matching.positive-learning-rate");
    }

    @Test
    void takesNamesWithAndWithoutThePrefix() {
        DistillationSettings changed = SettingsProperties.apply(
                DEFAULTS,
                Map.of(
                        "reflux.distillation.experts.count", "7",
                        "matching.loss-gate", "Infinity",
                        "matching.positive-learning-rate", "false",
                        "matching.label-learning-rate", "2",
                        "start", "Correct",
                        "augmentation", "flip_crop",
                        "whitening", "zca"));

        assertThat(changed.experts().count()).isEqualTo(7);
        assertThat(changed.matching().guards().lossGate()).isInfinite();
        assertThat(changed.matching().guards().positiveLearningRate()).isFalse();
        assertThat(changed.matching().labels()).isEqualTo(LabelSettings.learned(2));
        assertThat(changed.start()).isEqualTo(StartImages.CORRECT);
        assertThat(changed.whitening()).isEqualTo(WhiteningSetting.ZCA);
        assertThat(changed.augmentation()).isEqualTo(Set.of(AugmentationFamily.FLIP, AugmentationFamily.CROP));
    }

    @Test
    void namesThePropertyThatIsUnknownOrUnreadable() {
        assertThatThrownBy(() -> SettingsProperties.apply(DEFAULTS, Map.of("network.widht", "8")))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("reflux.distillation.network.widht is no setting");
        assertThatThrownBy(() -> SettingsProperties.apply(DEFAULTS, Map.of("network.width", "wide")))
                .hasMessageContaining("reflux.distillation.network.width is 'wide', must be a whole number");
        assertThatThrownBy(() -> SettingsProperties.apply(DEFAULTS, Map.of("network.width", "0")))
                .hasMessageContaining("reflux.distillation.network.width is 0");
        assertThatThrownBy(() -> SettingsProperties.apply(DEFAULTS, Map.of("start", "noise")))
                .hasMessageContaining("reflux.distillation.start is 'noise', must be one of random, correct");
        assertThatThrownBy(() -> SettingsProperties.apply(DEFAULTS, Map.of("augmentation", "blur")))
                .hasMessageContaining("reflux.distillation.augmentation")
                .hasMessageContaining("blur");
        assertThatThrownBy(() -> SettingsProperties.apply(DEFAULTS, Map.of("whitening", "pca")))
                .hasMessageContaining("reflux.distillation.whitening is 'pca', must be one of none, zca");
    }
}
