package io.reflux.distill;

import java.time.Duration;
import java.util.Map;

/**
 * What a distillation yields.
 *
 * @param set the synthetic set
 * @param report its evaluation on the held-out images
 * @param loss matching loss, mean over the last tenth of the iterations
 * @param durations time spent a stage in this process
 */
public record DistillationResult(
        DistilledSet set, EvaluationReport report, double loss, Map<Stage, Duration> durations) {
    public DistillationResult {
        durations = Map.copyOf(durations);
    }
}
