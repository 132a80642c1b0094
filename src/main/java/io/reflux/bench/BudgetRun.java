package io.reflux.bench;

import io.reflux.distill.DistillationSettings;
import io.reflux.distill.Presets;
import io.reflux.distill.SettingsProperties;
import io.reflux.wire.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One distillation that is judged whenever its active time reaches one of its budgets.
 *
 * @param data what the data set is called
 * @param folder of the data set, null for drawn images
 * @param perClass training images of each class
 * @param threads that compute side by side; another number makes another set
 * @param time what the minutes are minutes of
 * @param settings with more iterations than time allows
 * @param minutes budgets, ascending
 */
record BudgetRun(
        String data,
        @Nullable Path folder,
        BudgetMethod method,
        int perClass,
        int threads,
        BudgetTime time,
        DistillationSettings settings,
        List<Double> minutes) {
    private static final int DIGITS = 8;

    /** Names the run among all runs that differ from it in anything but their budgets. */
    String name() {
        return name(method.label(), threads + " " + time + " " + SettingsProperties.write(settings));
    }

    /** Names what the run shares with those it competes with: data, sizes, and how students are trained. */
    String contest() {
        return name(
                "real",
                settings.network() + " " + settings.whitening() + " "
                        + settings.augmentation().stream().sorted().toList() + " " + settings.evaluation());
    }

    private String name(String kind, String decides) {
        String content =
                (folder == null ? "drawn" : folder.toAbsolutePath().normalize()) + " " + perClass + " " + decides;
        String digest = Sha256.hex(content.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
        return data.replaceAll("[^\\p{L}\\p{N}._-]", "_") + "-ipc" + settings.imagesPerClass() + "-" + kind + "-seed"
                + settings.seed() + "-" + digest;
    }

    /** The command that makes the set of this many iterations again. */
    String distillCommand(int iterations) {
        Map<String, String> usual = SettingsProperties.write(
                Presets.cpuSmallFor(settings.imagesPerClass()).settings());
        Map<String, String> changed = new LinkedHashMap<>(SettingsProperties.write(settings));
        changed.put("matching.iterations", Integer.toString(iterations));
        changed.remove("images-per-class");
        changed.entrySet().removeIf(setting -> setting.getValue().equals(usual.get(setting.getKey())));
        List<String> words = new ArrayList<>(List.of("./reflux", "distill"));
        words.addAll(dataWords());
        words.addAll(List.of("--ipc", Integer.toString(settings.imagesPerClass())));
        words.addAll(List.of("--per-class", Integer.toString(perClass), "--threads", Integer.toString(threads)));
        changed.forEach((name, value) -> words.addAll(List.of("--set", name + "=" + value)));
        words.addAll(List.of("--out", "set.safetensors"));
        return String.join(" ", words);
    }

    /** The command that judges real images under the recipe of this set. */
    String evaluateCommand(Path set) {
        List<String> words =
                new ArrayList<>(List.of("./reflux", "evaluate", "--baselines", "--set", quoted(set.toString())));
        words.addAll(dataWords());
        words.addAll(List.of("--per-class", Integer.toString(perClass)));
        words.addAll(
                List.of("--students", Integer.toString(settings.evaluation().students())));
        words.addAll(
                List.of("--random-draws", Integer.toString(settings.evaluation().randomDraws())));
        words.addAll(List.of("--seed", Long.toString(settings.seed())));
        return String.join(" ", words);
    }

    private List<String> dataWords() {
        return folder == null ? List.of() : List.of("--data", quoted(folder.toString()));
    }

    private static String quoted(String word) {
        return word.matches("[\\p{L}\\p{N}._/=:+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
