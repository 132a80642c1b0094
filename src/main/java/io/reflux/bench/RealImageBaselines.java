package io.reflux.bench;

import io.reflux.console.AccuracyTable;
import io.reflux.distill.Accuracy;
import io.reflux.distill.Baseline;
import io.reflux.distill.Baselines;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.Evaluation;
import io.reflux.distill.EvaluationSettings;
import io.reflux.distill.RunMonitor;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The real images that evaluations compare with: random ones of the same number, those chosen by herding and k-center,
 * random ones with soft labels, and the whole sample.
 */
record RealImageBaselines(Compute compute) implements BudgetBaselines {
    @Override
    public Map<String, Accuracy> judge(
            DistilledSet set,
            EvaluationSettings settings,
            long seed,
            ImageSet sample,
            ImageSet test,
            RunMonitor monitor) {
        Map<String, Accuracy> rows = new LinkedHashMap<>();
        new Baselines(settings, seed, compute)
                .evaluate(EnumSet.allOf(Baseline.class), Baselines.Terms.of(set), sample, test, monitor)
                .forEach((baseline, accuracy) -> rows.put(AccuracyTable.words(baseline), accuracy));
        rows.put("the whole sample", new Evaluation(settings, seed, compute).sample(set, sample, test, monitor));
        return rows;
    }
}
