package io.reflux.cli;

import io.reflux.distill.Accuracy;
import io.reflux.distill.Baseline;
import io.reflux.distill.Baselines;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.Evaluation;
import io.reflux.distill.EvaluationReport;
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
        EvaluationReport report = new Evaluation(settings, seed, compute).evaluate(set, sample, test, monitor);
        Map<String, Accuracy> rows = new LinkedHashMap<>();
        rows.put("random real images", report.random());
        new Baselines(settings, seed, compute)
                .evaluate(
                        EnumSet.complementOf(EnumSet.of(Baseline.RANDOM)),
                        Baselines.Terms.of(set),
                        sample,
                        test,
                        monitor)
                .forEach((baseline, accuracy) -> rows.put(AccuracyTable.words(baseline), accuracy));
        rows.put("the whole sample", report.sample());
        return rows;
    }
}
