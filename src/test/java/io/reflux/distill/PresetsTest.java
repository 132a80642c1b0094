package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures typed from the sources' tables, not from ours. */
final class PresetsTest {
    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("zca", "whitening"),
            Map.entry("N", "matching.inner-steps"),
            Map.entry("M", "matching.matched-epochs"),
            Map.entry("min", "matching.min-start-epoch"),
            Map.entry("max", "matching.max-start-epoch"),
            Map.entry("first", "matching.first-max-start-epoch"),
            Map.entry("expansion", "matching.expansion-iterations"),
            Map.entry("B", "matching.batch"),
            Map.entry("lr_img", "matching.image-learning-rate"),
            Map.entry("lr_lr", "matching.rate-learning-rate"),
            Map.entry("lr_y", "matching.label-learning-rate"),
            Map.entry("beta", "matching.initial-rate"),
            Map.entry("alpha", "experts.gap-weight"),
            Map.entry("decay", "matching.average-decay"),
            Map.entry("gate", "matching.loss-gate"));

    /** What all settings of the papers have in common. */
    private static final String COMMON = """
            network.width=128 matching.momentum=0.5 matching.positive-learning-rate=false matching.gate-patience=0
            experts.count=100 experts.batch=256 experts.learning-rate=0.01
            evaluation.students=5 evaluation.random-draws=5 evaluation.epochs=1001""";

    private static final String FTD = """
            start=random experts.epochs=50 experts.flatness=0.01 evaluation.batch=256 matching.iterations=5000
            matching.min-start-epoch=0 matching.first-max-start-epoch=0 matching.label-learning-rate=0
            matching.loss-gate=Infinity""";

    /** FTD's Table 7; the ImageNet subsets as its authors answered. */
    private static final String FTD_SETTINGS = """
            preset                 zca  N   M  max  B     lr_img  lr_lr  beta   alpha  decay
            cifar10-ipc1           Y    50  2  2    all   100     1e-7   0.01   0.3    0.9999
            cifar10-ipc10          Y    30  2  20   all   100     1e-5   0.001  0.3    0.9995
            cifar10-ipc50          Y    30  2  40   all   1000    1e-5   0.01   1      0.999
            cifar100-ipc1          Y    40  3  20   all   1000    1e-5   0.01   1      0.9995
            cifar100-ipc10         Y    20  2  40   all   1000    1e-5   0.01   1      0.9995
            cifar100-ipc50         Y    80  2  40   1000  1000    1e-5   0.01   1      0.999
            tiny-ipc1              N    30  2  10   all   10000   1e-4   0.01   1      0.999
            tiny-ipc10             N    20  2  40   500   10000   1e-4   0.01   1      0.999
            imagenet-subset-ipc1   N    20  2  10   64    10000   1e-4   0.01   1      0.999
            imagenet-subset-ipc10  N    20  2  10   64    10000   1e-4   0.001  1      0.999
            """;

    private static final String DATM = """
            start=correct experts.epochs=100 experts.flatness=0.01 experts.gap-weight=0.3 evaluation.batch=128
            matching.iterations=10000 matching.initial-rate=0.01 matching.average-decay=0 matching.label-momentum=0.9""";

    /** The configurations of DATM's authors. */
    private static final String DATM_SETTINGS = """
            preset                 zca  N    M  B     min  max  first  expansion  lr_img  lr_lr  lr_y  gate
            cifar10-ipc1-datm      Y    80   2  10    0    4    0      0          100     1e-7   5     1.1
            cifar10-ipc10-datm     Y    80   2  100   0    20   10     1000       100     1e-5   2     1
            cifar10-ipc50-datm     Y    80   2  500   0    40   20     2000       1000    1e-5   2     1
            cifar10-ipc500-datm    Y    40   2  1000  40   60   0      0          50      1e-5   10    1
            cifar10-ipc1000-datm   Y    100  2  1000  40   60   0      0          50      1e-5   10    1
            cifar100-ipc1-datm     Y    40   3  all   0    20   10     1000       1000    1e-5   10    1
            cifar100-ipc10-datm    Y    80   2  1000  0    50   30     2000       1000    1e-5   10    1
            cifar100-ipc50-datm    Y    80   2  1000  20   70   0      0          1000    1e-5   10    1
            cifar100-ipc100-datm   Y    80   2  1000  30   70   0      0          50      1e-5   10    1
            tiny-ipc1-datm         Y    40   2  all   0    20   15     2000       10000   1e-4   10    1
            tiny-ipc10-datm        Y    40   2  500   10   50   0      0          100     1e-4   10    1
            tiny-ipc50-datm        Y    20   2  1000  40   70   0      0          100     1e-4   10    1
            """;

    private static final String MTT = """
            start=random experts.epochs=50 experts.flatness=0 evaluation.batch=256 matching.iterations=5000
            matching.min-start-epoch=0 matching.first-max-start-epoch=0 matching.label-learning-rate=0
            matching.average-decay=0 matching.loss-gate=Infinity""";

    /** The commands of MTT's authors. */
    private static final String MTT_SETTINGS = """
            preset                     zca  N   M  max  B    lr_img  lr_lr  beta
            cifar10-ipc1-mtt           Y    50  2  2    all  100     1e-7   0.01
            cifar10-ipc10-mtt          Y    30  2  20   all  100     1e-5   0.001
            cifar10-ipc50-mtt          N    30  2  40   all  1000    1e-5   0.001
            cifar100-ipc1-mtt          Y    20  3  20   all  1000    1e-5   0.01
            cifar100-ipc10-mtt         N    20  2  20   all  1000    1e-5   0.01
            cifar100-ipc50-mtt         Y    80  2  40   125  1000    1e-5   0.01
            tiny-ipc1-mtt              N    10  2  10   all  10000   1e-4   0.01
            tiny-ipc10-mtt             N    20  2  40   200  10000   1e-4   0.01
            tiny-ipc50-mtt             N    20  2  40   300  10000   1e-4   0.01
            imagenet-subset-ipc1-mtt   N    20  2  10   all  100000  1e-6   0.01
            imagenet-subset-ipc10-mtt  N    20  2  10   20   100000  1e-6   0.01
            """;

    @Test
    void everyPublishedSettingIsThereAndNoOther() {
        List<String> names =
                new ArrayList<>(published().map(row -> (String) row.get()[0]).toList());
        names.addAll(List.of("cpu-small", "cpu-small-ipc10"));

        assertThat(Presets.list()).extracting(Preset::name).containsExactlyInAnyOrderElementsOf(names);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("published")
    void everyFigureIsAsPublished(String name, Method method, Map<String, Object> expected) {
        Preset preset = Presets.named(name);

        Map<String, String> settings = SettingsProperties.write(preset.settings());

        Map<String, Object> actual = new TreeMap<>();
        expected.keySet().forEach(property -> actual.put(property, value(settings.getOrDefault(property, "none"))));
        // without whitening, images are normalised by channel in one way or another
        actual.computeIfPresent("whitening", (property, whitening) -> whitening.equals("zca") ? "Y" : "N");
        assertThat(actual).isEqualTo(expected);
        assertThat(preset.method()).isEqualTo(method);
    }

    private static Stream<Arguments> published() {
        return Stream.of(
                        rows(Method.FTD, FTD, FTD_SETTINGS),
                        rows(Method.DATM, DATM, DATM_SETTINGS),
                        rows(Method.MTT, MTT, MTT_SETTINGS))
                .flatMap(rows -> rows);
    }

    /** The rows of a table, each with what is the same in all of them. */
    private static Stream<Arguments> rows(Method method, String same, String table) {
        List<String[]> rows =
                table.lines().map(line -> line.strip().split(" +")).toList();
        return rows.stream().skip(1).map(cells -> {
            Map<String, Object> figures = new TreeMap<>();
            for (String setting : (COMMON + " " + same).split("\\s+")) {
                String[] parts = setting.split("=");
                figures.put(parts[0], value(parts[1]));
            }
            for (int i = 1; i < cells.length; i++) {
                String property = Objects.requireNonNull(PROPERTIES.get(rows.get(0)[i]), rows.get(0)[i]);
                figures.put(property, value(cells[i].equals("all") ? "0" : cells[i]));
            }
            return Arguments.of(cells[0], method, figures);
        });
    }

    /** A number where it is one: 1e-7 is 1.0E-7. */
    private static Object value(String text) {
        return text.matches("[-+0-9.]+([eE][-+]?\\d+)?|Infinity") ? Double.valueOf(text) : text;
    }

    @ParameterizedTest
    @CsvSource({"cifar10-ipc1, 3", "cifar100-ipc1-datm, 3", "tiny-ipc1-mtt, 4", "imagenet-subset-ipc10, 5"})
    void theNetworkIsAsDeepAsTheResolutionWants(String name, int depth) {
        assertThat(Presets.named(name).settings().network()).isEqualTo(new NetworkSettings(128, depth));
    }

    @ParameterizedTest
    @CsvSource({
        "cifar10-ipc50-mtt, cifar-statistics",
        "cifar100-ipc10-mtt, cifar-statistics",
        "tiny-ipc1, imagenet-statistics",
        "imagenet-subset-ipc10, imagenet-statistics",
        "cpu-small, none"
    })
    void withoutWhiteningTheNumbersOfPublishedCodeNormalise(String name, String whitening) {
        assertThat(SettingsProperties.write(Presets.named(name).settings())).containsEntry("whitening", whitening);
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
