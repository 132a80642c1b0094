package io.reflux.bench;

import io.reflux.distill.Accuracy;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.EvaluationSettings;
import io.reflux.distill.RunMonitor;
import io.reflux.image.ImageSet;
import java.util.Map;

/** What a distilled set has to beat: sets of as many real images, however they are chosen, and the whole sample. */
interface BudgetBaselines {
    /**
     * Accuracy of each baseline by its name, in the order they are shown.
     *
     * @param set whose number of images, classes and recipe the baselines share
     * @param sample real images they are chosen from
     */
    Map<String, Accuracy> judge(
            DistilledSet set,
            EvaluationSettings settings,
            long seed,
            ImageSet sample,
            ImageSet test,
            RunMonitor monitor);
}
