package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures typed from the sources' tables, not from ours. */
final class PresetsTest {
    @Test
    void everyPublishedSettingIsThere() {
        assertThat(Presets.list())
                .extracting(Preset::name)
                .containsExactlyInAnyOrder(
                        "cpu-small",
                        "cpu-small-ipc10",
                        "cifar10-ipc1",
                        "cifar10-ipc10",
                        "cifar10-ipc50",
                        "cifar100-ipc1",
                        "cifar100-ipc10",
                        "cifar100-ipc50",
                        "tiny-ipc1",
                        "tiny-ipc10",
                        "imagenet-subset-ipc1",
                        "imagenet-subset-ipc10",
                        "cifar10-ipc1-datm",
                        "cifar10-ipc10-datm",
                        "cifar10-ipc50-datm",
                        "cifar10-ipc500-datm",
                        "cifar10-ipc1000-datm",
                        "cifar100-ipc1-datm",
                        "cifar100-ipc10-datm",
                        "cifar100-ipc50-datm",
                        "cifar100-ipc100-datm",
                        "tiny-ipc1-datm",
                        "tiny-ipc10-datm",
                        "tiny-ipc50-datm",
                        "cifar10-ipc1-mtt",
                        "cifar10-ipc10-mtt",
                        "cifar10-ipc50-mtt",
                        "cifar100-ipc1-mtt",
                        "cifar100-ipc10-mtt",
                        "cifar100-ipc50-mtt",
                        "tiny-ipc1-mtt",
                        "tiny-ipc10-mtt",
                        "tiny-ipc50-mtt",
                        "imagenet-subset-ipc1-mtt",
                        "imagenet-subset-ipc10-mtt");
    }

    @ParameterizedTest
    @CsvSource({
        "cifar10-ipc1,          50, 2,  2,    0,   100, 1e-7, 0.01,  0.3, 0.9999",
        "cifar10-ipc10,         30, 2, 20,    0,   100, 1e-5, 0.001, 0.3, 0.9995",
        "cifar10-ipc50,         30, 2, 40,    0,  1000, 1e-5, 0.01,  1,   0.999",
        "cifar100-ipc1,         40, 3, 20,    0,  1000, 1e-5, 0.01,  1,   0.9995",
        "cifar100-ipc10,        20, 2, 40,    0,  1000, 1e-5, 0.01,  1,   0.9995",
        "cifar100-ipc50,        80, 2, 40, 1000,  1000, 1e-5, 0.01,  1,   0.999",
        "tiny-ipc1,             30, 2, 10,    0, 10000, 1e-4, 0.01,  1,   0.999",
        "tiny-ipc10,            20, 2, 40,  500, 10000, 1e-4, 0.01,  1,   0.999",
        "imagenet-subset-ipc1,  20, 2, 10,   64, 10000, 1e-4, 0.01,  1,   0.999",
        "imagenet-subset-ipc10, 20, 2, 10,   64, 10000, 1e-4, 0.001, 1,   0.999"
    })
    void flatTrajectoryDistillationIsAsInTableSevenOfItsPaper(
            String name,
            int steps,
            int matched,
            int maxStart,
            int batch,
            double imageRate,
            double rateRate,
            double initialRate,
            double gapWeight,
            double decay) {
        DistillationSettings settings = Presets.named(name).settings();

        assertThat(settings.matching())
                .isEqualTo(new MatchingSettings(
                        5000,
                        steps,
                        matched,
                        maxStart,
                        batch,
                        imageRate,
                        rateRate,
                        initialRate,
                        0.5,
                        decay,
                        Guards.published(Double.POSITIVE_INFINITY)));
        assertThat(settings.experts()).isEqualTo(new ExpertSettings(100, 1, 50, 256, 0.01, 0.01, gapWeight));
        assertThat(settings.start()).isEqualTo(StartImages.RANDOM);
    }

    @ParameterizedTest
    @CsvSource({
        "cifar10-ipc1-datm,    80,   10,  0,  4,  0,    0,   100, 1e-7,  5, 1.1",
        "cifar10-ipc50-datm,   80,  500,  0, 40, 20, 2000,  1000, 1e-5,  2, 1",
        "cifar10-ipc1000-datm, 100, 1000, 40, 60, 0,    0,    50, 1e-5, 10, 1",
        "cifar100-ipc10-datm,  80, 1000,  0, 50, 30, 2000,  1000, 1e-5, 10, 1",
        "cifar100-ipc100-datm, 80, 1000, 30, 70,  0,    0,    50, 1e-5, 10, 1",
        "tiny-ipc1-datm,       40,    0,  0, 20, 15, 2000, 10000, 1e-4, 10, 1",
        "tiny-ipc10-datm,      40,  500, 10, 50,  0,    0,   100, 1e-4, 10, 1",
        "tiny-ipc50-datm,      20, 1000, 40, 70,  0,    0,   100, 1e-4, 10, 1"
    })
    void difficultyAlignmentIsAsItsAuthorsConfigureIt(
            String name,
            int steps,
            int batch,
            int min,
            int max,
            int first,
            int expansion,
            double imageRate,
            double rateRate,
            double labelRate,
            double gate) {
        DistillationSettings settings = Presets.named(name).settings();

        assertThat(settings.matching())
                .isEqualTo(new MatchingSettings(
                        10_000,
                        steps,
                        2,
                        new StartWindow(min, max, first, expansion),
                        batch,
                        imageRate,
                        rateRate,
                        0.01,
                        0.5,
                        0,
                        new LabelSettings(labelRate, 0.9),
                        Guards.published(gate)));
        assertThat(settings.experts()).isEqualTo(new ExpertSettings(100, 1, 100, 256, 0.01, 0.01, 0.3));
        assertThat(settings.start()).isEqualTo(StartImages.CORRECT);
        assertThat(settings.evaluation().batch()).isEqualTo(128);
    }

    @ParameterizedTest
    @CsvSource({
        "cifar10-ipc1-mtt,          true,  50, 2,  2,   0,    100, 1e-7, 0.01",
        "cifar10-ipc50-mtt,         false, 30, 2, 40,   0,   1000, 1e-5, 0.001",
        "cifar100-ipc1-mtt,         true,  20, 3, 20,   0,   1000, 1e-5, 0.01",
        "cifar100-ipc50-mtt,        true,  80, 2, 40, 125,   1000, 1e-5, 0.01",
        "tiny-ipc10-mtt,            false, 20, 2, 40, 200,  10000, 1e-4, 0.01",
        "imagenet-subset-ipc10-mtt, false, 20, 2, 10,  20, 100000, 1e-6, 0.01"
    })
    void trajectoryMatchingTakesPlainExpertsAndPublishesTheImagesThemselves(
            String name,
            boolean zca,
            int steps,
            int matched,
            int maxStart,
            int batch,
            double imageRate,
            double rateRate,
            double initialRate) {
        Preset preset = Presets.named(name);

        assertThat(preset.settings().whitening())
                .isEqualTo(
                        zca ? WhiteningSetting.ZCA : preset.data().orElseThrow().statistics());
        assertThat(preset.settings().experts().flatness()).isZero();
        assertThat(preset.settings().matching())
                .isEqualTo(new MatchingSettings(
                        5000,
                        steps,
                        matched,
                        maxStart,
                        batch,
                        imageRate,
                        rateRate,
                        initialRate,
                        0.5,
                        0,
                        Guards.published(Double.POSITIVE_INFINITY)));
    }

    @ParameterizedTest
    @CsvSource({"cifar10-ipc1, 3", "cifar100-ipc1-datm, 3", "tiny-ipc1-mtt, 4", "imagenet-subset-ipc10, 5"})
    void theNetworkIsAsDeepAsTheResolutionWants(String name, int depth) {
        assertThat(Presets.named(name).settings().network()).isEqualTo(new NetworkSettings(128, depth));
    }

    @Test
    void studentsAreJudgedByThePublishedProtocol() {
        assertThat(Presets.list())
                .filteredOn(preset -> preset.data().isPresent())
                .allSatisfy(preset -> {
                    EvaluationSettings evaluation = preset.settings().evaluation();
                    assertThat(evaluation.students()).isEqualTo(5);
                    assertThat(evaluation.randomDraws()).isEqualTo(5);
                    assertThat(evaluation.epochs()).isEqualTo(1001);
                });
    }

    @Test
    void aNameSaysHowManyImagesAClassGets() {
        assertThat(Presets.list())
                .filteredOn(preset -> preset.data().isPresent())
                .allSatisfy(preset -> assertThat(preset.name() + "-")
                        .contains("-ipc" + preset.settings().imagesPerClass() + "-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cifar10-ipc10", "cifar100-ipc10-datm", "imagenet-subset-ipc1-mtt", "cpu-small"})
    void aPresetSurvivesBeingWrittenAsProperties(String name) {
        DistillationSettings settings = Presets.named(name).settings();

        assertThat(SettingsProperties.apply(DistillationSettings.cpuSmall(), SettingsProperties.write(settings)))
                .isEqualTo(settings);
    }

    @Test
    void aPresetRefusesDataOfAnotherSizeNamingBoth() {
        Preset preset = Presets.named("cifar10-ipc10");

        assertThatCode(() -> preset.requireFits(images(new ImageShape(3, 32, 32), 10)))
                .doesNotThrowAnyException();
        for (ImageSet other : List.of(images(new ImageShape(1, 32, 32), 10), images(new ImageShape(3, 64, 64), 10))) {
            assertThatThrownBy(() -> preset.requireFits(other))
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageContaining("cifar10-ipc10")
                    .hasMessageContaining("CIFAR-10 (images of 3,32,32 in 10 classes)")
                    .hasMessageContaining("images of " + other.shape() + " in 10 classes");
        }
        assertThatThrownBy(() -> preset.requireFits(images(new ImageShape(3, 32, 32), 100)))
                .hasMessageContaining("in 100 classes");
        assertThatCode(() -> Presets.cpuSmall().requireFits(images(new ImageShape(1, 9, 9), 2)))
                .doesNotThrowAnyException();
    }

    @Test
    void theDefaultFollowsTheImagesPerClass() {
        assertThat(Presets.cpuSmallFor(3).settings()).isEqualTo(DistillationSettings.cpuSmall());
        assertThat(SettingsProperties.write(Presets.cpuSmallFor(4).settings()))
                .containsEntry("images-per-class", "10")
                .containsEntry("matching.inner-steps", "15")
                .containsEntry("matching.image-learning-rate", "1000.0");
    }

    @Test
    void anUnknownPresetIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> Presets.named("cifar10-ipc11"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("reflux.distillation.preset is 'cifar10-ipc11'")
                .hasMessageContaining("cpu-small, cpu-small-ipc10, cifar10-ipc1, cifar10-ipc10,");
    }

    private static ImageSet images(ImageShape shape, int classes) {
        return new ImageSet(
                shape,
                IntStream.range(0, classes).mapToObj(i -> "class " + i).toList(),
                new byte[classes * shape.size()],
                IntStream.range(0, classes).toArray());
    }
}
