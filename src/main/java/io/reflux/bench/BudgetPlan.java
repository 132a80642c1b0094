package io.reflux.bench;

import io.reflux.distill.DistillationSettings;
import io.reflux.distill.Presets;
import io.reflux.distill.SettingsProperties;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides the measurement of accuracy for a budget of time.
 *
 * @param minutes budgets of every method but MTT, ascending
 * @param mttMinutes budgets of MTT, ascending
 * @param perClass training images of each class
 * @param threads that compute side by side
 * @param time what the minutes are minutes of
 * @param properties settings by name, over the defaults
 */
record BudgetPlan(
        List<Double> minutes,
        List<Double> mttMinutes,
        List<Integer> imagesPerClass,
        List<BudgetMethod> methods,
        List<Long> seeds,
        int perClass,
        int width,
        int students,
        int threads,
        BudgetTime time,
        Map<String, String> properties) {
    /** Settings that a plan decides, by name. */
    static final List<String> OWN =
            List.of("images-per-class", "seed", "network.width", "matching.iterations", "evaluation.students");

    /** More than any budget allows. */
    private static final int MOST_ITERATIONS = 1_000_000;

    BudgetPlan {
        minutes = ascending(minutes);
        mttMinutes = ascending(mttMinutes);
    }

    private static List<Double> ascending(List<Double> minutes) {
        return List.copyOf(new TreeSet<>(minutes));
    }

    List<Double> minutesOf(BudgetMethod method) {
        return method == BudgetMethod.MTT ? mttMinutes : minutes;
    }

    DistillationSettings settings(BudgetMethod method, int ipc, long seed) {
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("images-per-class", Integer.toString(ipc));
        changes.put("seed", Long.toString(seed));
        changes.put("network.width", Integer.toString(width));
        changes.put("matching.iterations", Integer.toString(MOST_ITERATIONS));
        changes.put("evaluation.students", Integer.toString(students));
        changes.putAll(properties);
        return method.over(SettingsProperties.apply(Presets.cpuSmallFor(ipc).settings(), changes));
    }

    /** @throws io.reflux.distill.InvalidSettingsException when a setting cannot work */
    void requireUsable() {
        methods.forEach(method -> settings(method, imagesPerClass.get(0), seeds.get(0)));
    }

    /**
     * All runs on one data set with one seed, in the order they are done.
     *
     * @param folder of the data set, null for drawn images
     * @param name what to call the data set
     */
    List<BudgetRun> runs(@Nullable Path folder, long seed, String name) {
        return imagesPerClass.stream()
                .flatMap(ipc -> methods.stream().map(method -> run(folder, seed, name, ipc, method)))
                .toList();
    }

    private BudgetRun run(@Nullable Path folder, long seed, String name, int ipc, BudgetMethod method) {
        return new BudgetRun(
                name, folder, method, perClass, threads, time, settings(method, ipc, seed), minutesOf(method));
    }
}
