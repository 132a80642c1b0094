package io.reflux.cli;

import io.reflux.distill.DistillationSettings;
import io.reflux.distill.SettingsProperties;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a distillation is asked for: the few settings one often changes, and every other by its property. */
final class DistillationOptions {
    @Option(names = "--ipc", paramLabel = "N", description = "Synthetic images per class (default: 1).")
    private @Nullable Integer imagesPerClass;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Every random draw derives from it: the same seed gives the same set (default: 1).")
    private @Nullable Long seed;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Matching iterations: more take longer and give better sets (default: 300).")
    private @Nullable Integer iterations;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Channels of the network that is distilled with (default: 32).")
    private @Nullable Integer width;

    @Option(
            names = "--set",
            paramLabel = "PROPERTY=VALUE",
            description = "Any other setting, such as experts.epochs=10 (that is reflux.distillation.experts.epochs);"
                    + " may be repeated, and goes before the options above. --show-config lists them.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(names = "--show-config", description = "Print every setting with its value, as properties, and stop.")
    private boolean showOnly;

    /** These settings with what the command line changes in them. */
    DistillationSettings over(DistillationSettings defaults) {
        Map<String, String> changes = new LinkedHashMap<>();
        put(changes, "images-per-class", imagesPerClass);
        put(changes, "seed", seed);
        put(changes, "matching.iterations", iterations);
        put(changes, "network.width", width);
        changes.putAll(properties);
        return SettingsProperties.apply(defaults, changes);
    }

    /** Whether the settings are all that is asked for; then they have been printed. */
    boolean shown(DistillationSettings settings, Terminal terminal) {
        if (showOnly) {
            SettingsProperties.write(settings)
                    .forEach((name, value) -> terminal.print(SettingsProperties.PREFIX + name + "=" + value));
        }
        return showOnly;
    }

    private static void put(Map<String, String> changes, String name, @Nullable Object value) {
        if (value != null) {
            changes.put(name, value.toString());
        }
    }
}
