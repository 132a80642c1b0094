package io.reflux.cli;

import java.util.Map;

/** Distillation settings under which everything happens, as little of it as possible. */
final class TinySettings {
    private TinySettings() {}

    static Map<String, String> properties() {
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
}
