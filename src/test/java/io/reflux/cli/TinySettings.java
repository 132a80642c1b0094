package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Distillation settings under which everything happens, as little of it as possible. */
public final class TinySettings {
    private TinySettings() {}

    public static Map<String, String> properties() {
        return Map.of(
                "network.width", "4",
                "network.depth", "2",
                "experts.count", "1",
                "experts.epochs", "2",
                "matching.max-start-epoch", "1",
                "matching.matched-epochs", "1",
                "matching.iterations", "3",
                "matching.inner-steps", "2",
                "evaluation.epochs", "5",
                "evaluation.sample-steps", "5");
    }

    /** Distils drawn images to a file. */
    static void distil(Path set, Path work) {
        List<String> arguments = new ArrayList<>(
                List.of("distill", "--out", set.toString(), "--work", work.toString(), "--per-class", "4"));
        properties().forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        assertThat(CommandRun.of(arguments).exitCode()).isZero();
    }
}
