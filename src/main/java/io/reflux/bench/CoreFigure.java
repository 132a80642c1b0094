package io.reflux.bench;

import io.reflux.console.Table;

/** What the measurement of the core yields; each is a figure of Reflux, and of the reference where it has one. */
enum CoreFigure {
    ITERATION_SECONDS("iteration.seconds", "seconds an iteration", 4, "seconds_per_iteration"),
    ITERATION_MEGABYTES("iteration.megabytes", "peak MB of the iterations", 0, "peak_rss_mb"),
    STEP_SECONDS("step.seconds", "seconds of a plain step", 4, "plain_step_seconds"),
    EXPERT_RATE("experts.images-per-second", "images/s of flat experts", 1, "expert_images_per_second"),
    EXPERT_MEGABYTES("experts.megabytes", "peak MB of the experts", 0, "");

    private final String path;
    private final String words;
    private final int decimals;
    private final String referenceName;

    CoreFigure(String path, String words, int decimals, String referenceName) {
        this.path = path;
        this.words = words;
        this.decimals = decimals;
        this.referenceName = referenceName;
    }

    /** Where it stands in the JSON object. */
    String path() {
        return path;
    }

    /** What a person reads. */
    String words() {
        return words;
    }

    /** What the reference script calls it; empty when it has no such figure. */
    String referenceName() {
        return referenceName;
    }

    String format(double value) {
        return Table.decimal(value, decimals);
    }
}
