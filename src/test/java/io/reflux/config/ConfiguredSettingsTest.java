package io.reflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.distill.DistillationSettings;
import io.reflux.distill.Presets;
import io.reflux.distill.SettingsProperties;
import io.reflux.distill.WhiteningSetting;
import io.reflux.nn.AugmentationFamily;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfiguredSettingsTest {
    @Test
    void defaultsAreThoseOfASmallMachine() {
        assertThat(settings().of("any")).isEqualTo(DistillationSettings.cpuSmall());
    }

    @Test
    void aFeedsOwnSectionComesFirst() {
        ConfiguredSettings settings = settings(
                "reflux.feeds.digits.images-per-class", "10",
                "reflux.feeds.digits.augmentation", "crop_scale");

        assertThat(settings.of("digits").imagesPerClass()).isEqualTo(10);
        assertThat(settings.of("digits").augmentation())
                .containsExactlyInAnyOrder(AugmentationFamily.CROP, AugmentationFamily.SCALE);
        assertThat(settings.of("other").imagesPerClass()).isEqualTo(1);
    }

    @Test
    void aPresetStandsBelowWhateverElseIsConfigured() {
        ConfiguredSettings settings = settings(
                "reflux.distillation.preset", "cifar100-ipc10-datm",
                "reflux.distillation.matching.iterations", "7",
                "reflux.feeds.digits.images-per-class", "3");

        DistillationSettings published = Presets.named("cifar100-ipc10-datm").settings();
        assertThat(settings.of("other"))
                .isEqualTo(SettingsProperties.apply(published, Map.of("matching.iterations", "7")));
        assertThat(settings.of("digits").imagesPerClass()).isEqualTo(3);
    }

    @Test
    void whiteningIsSwitchedOnByItsProperty() {
        assertThat(settings("reflux.distillation.whitening", "zca").of("any").whitening())
                .isEqualTo(WhiteningSetting.ZCA);
    }

    @Test
    void whatCannotWorkIsRefusedByTheNameOfItsProperty() {
        refuses("reflux.distillation.images-per-class", "reflux.distillation.images-per-class", "301");
        refuses("reflux.distillation.images-per-class", "reflux.feeds.digits.images-per-class", "301");
        refuses("reflux.distillation.matching.max-start-epoch", "reflux.distillation.matching.max-start-epoch", "8");
        refuses("reflux.distillation.augmentation", "reflux.distillation.augmentation", "sparkle");
        refuses("reflux.distillation.preset", "reflux.distillation.preset", "cifar11-ipc1");
        refuses("reflux.distillation.matching.min-start-epoch", "reflux.distillation.matching.min-start-epoch", "4");
        refuses(
                "reflux.distillation.matching.label-learning-rate",
                "reflux.distillation.matching.label-learning-rate",
                "-1");
        refuses("reflux.sample.hold-out", "reflux.sample.hold-out", "1.5");
        refuses("reflux.sample.per-class", "reflux.sample.per-class", "0");
        refuses("reflux.feeds.\"digits\".shape", "reflux.feeds.digits.shape", "28x28");
        refuses("reflux.sample.half-life", "reflux.sample.half-life", "PT0S");
    }

    private static void refuses(String named, String property, String value) {
        assertThatThrownBy(() -> settings(property, value).check())
                .as(property)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named + " ");
    }

    private static ConfiguredSettings settings(String... properties) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        return new ConfiguredSettings(Configurations.of(all));
    }
}
