package io.reflux.cli;

import io.reflux.distill.Accuracy;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.Evaluation;
import io.reflux.distill.EvaluationReport;
import io.reflux.distill.EvaluationSettings;
import io.reflux.distill.RunMonitor;
import io.reflux.image.ImageSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** The real images that every evaluation compares with: random ones of the same number, and the whole sample. */
final class RealImageBaselines implements BudgetBaselines {
    @Override
    public Map<String, Accuracy> judge(
            DistilledSet set,
            EvaluationSettings settings,
            long seed,
            ImageSet sample,
            ImageSet test,
            RunMonitor monitor) {
        EvaluationReport report = new Evaluation(settings, seed).evaluate(set, sample, test, monitor);
        Map<String, Accuracy> rows = new LinkedHashMap<>();
        rows.put("random real images", report.random());
        rows.put("the whole sample", report.sample());
        return rows;
    }
}
