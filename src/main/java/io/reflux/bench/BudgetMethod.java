package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.SettingsProperties;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A way to distil, as a change of the settings that all ways share. */
enum BudgetMethod {
    /** Flat trajectories, fixed labels (Du et al., CVPR 2023). */
    FTD("ftd", Map.of()),
    /** Flat trajectories with learned labels (Guo et al., ICLR 2024). */
    FTD_SOFT("ftd-soft", Map.of("matching.label-learning-rate", "5")),
    /** Trajectories of plain experts (Cazenavette et al., CVPR 2022). */
    MTT("mtt", Map.of("experts.flatness", "0"));

    private final String label;
    private final Map<String, String> changes;

    BudgetMethod(String label, Map<String, String> changes) {
        this.label = label;
        this.changes = changes;
    }

    /** @throws CommandException when there is no such method */
    static BudgetMethod named(String label) {
        return Arrays.stream(values())
                .filter(candidate -> candidate.label.equals(label))
                .findFirst()
                .orElseThrow(() -> CommandException.usage(
                        "--methods names '" + label + "'; there are " + String.join(", ", labels())));
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(BudgetMethod::label).toList();
    }

    String label() {
        return label;
    }

    DistillationSettings over(DistillationSettings settings) {
        return SettingsProperties.apply(settings, changes);
    }
}
