package io.reflux.cli;

import io.reflux.console.Terminal;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.Preset;
import io.reflux.distill.Presets;
import io.reflux.distill.SettingsProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a distillation is asked for: the few settings one often changes, and every other by its property. */
final class DistillationOptions {
    private static final String IMAGES_PER_CLASS = "images-per-class";

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "Settings to begin from, such as the published cifar10-ipc10 (default: cpu-small, for any"
                    + " data in minutes); all other options come before it. --list-presets lists them.")
    private @Nullable String presetName;

    @Option(
            names = "--ipc",
            paramLabel = "N",
            description = "Synthetic images per class (default: the preset's, 1 in cpu-small).")
    private @Nullable Integer imagesPerClass;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Every random draw derives from it: the same seed gives the same set (default: 1).")
    private @Nullable Long seed;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Matching iterations: more take longer and give better sets (default: the preset's,"
                    + " 200 in cpu-small).")
    private @Nullable Integer iterations;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Channels of the network that is distilled with (default: the preset's, 32 in cpu-small).")
    private @Nullable Integer width;

    @Option(
            names = "--set",
            paramLabel = "PROPERTY=VALUE",
            description = "Any other setting, such as experts.epochs=10 (that is reflux.distillation.experts.epochs);"
                    + " may be repeated, and goes before the options above. --show-config lists them.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(names = "--show-config", description = "Print every setting with its value, as properties, and stop.")
    private boolean showOnly;

    @Option(names = "--list-presets", description = "Print the presets with what they differ in, and stop.")
    private boolean listOnly;

    /**
     * The preset that is begun from.
     *
     * @throws io.reflux.distill.InvalidSettingsException when there is none of the name that was given
     */
    Preset preset() {
        return presetName == null ? Presets.cpuSmallFor(wantedImages()) : Presets.named(presetName);
    }

    private int wantedImages() {
        String set = properties.getOrDefault(
                IMAGES_PER_CLASS, properties.getOrDefault(SettingsProperties.PREFIX + IMAGES_PER_CLASS, ""));
        // what is no number is told of where all settings are read
        return set.matches("\\d{1,6}") ? Integer.parseInt(set) : imagesPerClass == null ? 1 : imagesPerClass;
    }

    /** The settings of the preset with what the command line changes in them. */
    DistillationSettings settings() {
        Map<String, String> changes = new LinkedHashMap<>();
        put(changes, IMAGES_PER_CLASS, imagesPerClass);
        put(changes, "seed", seed);
        put(changes, "matching.iterations", iterations);
        put(changes, "network.width", width);
        changes.putAll(properties);
        return SettingsProperties.apply(preset().settings(), changes);
    }

    /**
     * Images taken of each class: as many as are asked for, else all for settings that were published for whole data
     * sets, else this many.
     */
    int perClass(@Nullable Integer asked, int small) {
        if (asked != null) {
            return asked;
        }
        return preset().data().isPresent() ? Integer.MAX_VALUE : small;
    }

    /** Whether presets or settings are all that is asked for; then they have been printed. */
    boolean shown(DistillationSettings settings, Terminal terminal) {
        if (listOnly) {
            terminal.print(PresetTable.table());
        } else if (showOnly) {
            SettingsProperties.write(settings)
                    .forEach((name, value) -> terminal.print(SettingsProperties.PREFIX + name + "=" + value));
        }
        return listOnly || showOnly;
    }

    private static void put(Map<String, String> changes, String name, @Nullable Object value) {
        if (value != null) {
            changes.put(name, value.toString());
        }
    }
}
