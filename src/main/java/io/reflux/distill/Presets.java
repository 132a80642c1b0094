package io.reflux.distill;

import io.reflux.nn.AugmentationFamily;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The published settings by name, in the table {@code presets.txt}.
 *
 * <ul>
 *   <li>{@code NAME}: FTD, from the paper's Table 7; the ImageNet subsets from the authors' answer in the tracker of
 *       their code, whose two initial rates are read as those of 1 and 10 images a class.
 *   <li>{@code NAME-datm}: DATM, from the configurations in the authors' code. They name an average of the images but
 *       do not use it.
 *   <li>{@code NAME-mtt}: MTT, from the authors' commands as DC-BENCH collects them; the ImageNet subsets from the
 *       authors' code and tracker.
 * </ul>
 *
 * <p>Published code has no guard but DATM's loss gate. The guards against values that are not finite stay.
 */
public final class Presets {
    /** The property that names one. */
    public static final String PROPERTY = "preset";

    private static final String TABLE = "presets.txt";
    private static final String SMALL = "cpu-small";
    private static final String SMALL_TEN = "cpu-small-ipc10";

    /** Between one and ten images a class, on the scale of ratios. */
    private static final int NEARER_TO_TEN = 4;

    private static final Map<String, Preset> ALL = all();

    private Presets() {}

    /** Settings that give a useful set of one image a class, of any data, in minutes on two cores. */
    public static Preset cpuSmall() {
        return new Preset(SMALL, Method.FTD, Optional.empty(), DistillationSettings.cpuSmall());
    }

    /** The one of {@code cpu-small} and {@code cpu-small-ipc10} that is nearer to so many images of a class. */
    public static Preset cpuSmallFor(int imagesPerClass) {
        return imagesPerClass < NEARER_TO_TEN ? cpuSmall() : cpuSmallTen();
    }

    /**
     * A student on ten times the images takes ten times as long a step, so half as many, each twice as far; and each image
     * has a tenth of the pull. Ten images can tell more than the first epochs of an expert, so experts are longer and
     * starts later.
     */
    private static Preset cpuSmallTen() {
        Map<String, String> changes = Map.of(
                "images-per-class",
                "10",
                "start",
                "random",
                "experts.epochs",
                "6",
                "matching.max-start-epoch",
                "4",
                "matching.inner-steps",
                "15",
                "matching.initial-rate",
                "0.02",
                "matching.image-learning-rate",
                "1000");
        return new Preset(
                SMALL_TEN,
                Method.FTD,
                Optional.empty(),
                SettingsProperties.apply(DistillationSettings.cpuSmall(), changes));
    }

    /** Every preset, in the order of the table, {@code cpu-small} first. */
    public static List<Preset> list() {
        return List.copyOf(ALL.values());
    }

    /** @throws InvalidSettingsException listing the names there are, when this is none */
    public static Preset named(String name) {
        Preset preset = ALL.get(name);
        if (preset == null) {
            throw new InvalidSettingsException(
                    PROPERTY, "is '" + name + "', must be one of " + String.join(", ", ALL.keySet()));
        }
        return preset;
    }

    private static Map<String, Preset> all() {
        Map<String, Preset> all = new LinkedHashMap<>();
        all.put(SMALL, cpuSmall());
        all.put(SMALL_TEN, cpuSmallTen());
        List<String[]> rows = rows();
        for (String[] cells : rows.subList(1, rows.size())) {
            Map<String, String> row = new HashMap<>();
            for (int column = 0; column < cells.length; column++) {
                row.put(rows.get(0)[column], cells[column]);
            }
            Preset preset = preset(row);
            all.put(preset.name(), preset);
        }
        return all;
    }

    private static List<String[]> rows() {
        InputStream resource = Objects.requireNonNull(Presets.class.getResourceAsStream(TABLE), TABLE);
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.strip().split("\\s+"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Preset preset(Map<String, String> row) {
        Method method = Method.valueOf(text(row, "method").toUpperCase(Locale.ROOT));
        Benchmark data =
                Benchmark.valueOf(text(row, "data").toUpperCase(Locale.ROOT).replace('-', '_'));
        return new Preset(text(row, "name"), method, Optional.of(data), settings(method, data, row));
    }

    private static DistillationSettings settings(Method method, Benchmark data, Map<String, String> row) {
        return new DistillationSettings(
                whole(row, "ipc"),
                method.start(),
                1,
                new NetworkSettings(128, data.depth()),
                AugmentationFamily.all(),
                text(row, "zca").equals("yes") ? WhiteningSetting.ZCA : data.statistics(),
                new ExpertSettings(100, 1, method.expertEpochs(), 256, 0.01, method.flatness(), number(row, "gap")),
                matching(method, row),
                new EvaluationSettings(5, 5, 1001, method.studentBatch(), 0.01, 10_000));
    }

    private static MatchingSettings matching(Method method, Map<String, String> row) {
        return new MatchingSettings(
                method.iterations(),
                whole(row, "inner"),
                whole(row, "matched"),
                new StartWindow(whole(row, "min"), whole(row, "max"), whole(row, "first"), whole(row, "expansion")),
                whole(row, "batch"),
                number(row, "images"),
                number(row, "rate"),
                number(row, "initial"),
                0.5,
                number(row, "average"),
                LabelSettings.learned(number(row, "labels")),
                Guards.published(number(row, "gate")));
    }

    private static String text(Map<String, String> row, String column) {
        return Objects.requireNonNull(row.get(column), column);
    }

    private static int whole(Map<String, String> row, String column) {
        return Integer.parseInt(text(row, column));
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(text(row, column));
    }
}
