package io.reflux.cli;

import io.reflux.distill.DistillationSettings;
import io.reflux.distill.EvaluationSettings;

/** What a demo distils with when nothing else is asked for: the usual settings, judged in a minute. */
final class DemoSettings {
    private static final int STUDENTS = 2;
    private static final int RANDOM_DRAWS = 5;
    private static final int SAMPLE_STEPS = 300;

    private DemoSettings() {}

    static DistillationSettings defaults() {
        DistillationSettings usual = DistillationSettings.cpuSmall();
        EvaluationSettings judgement = usual.evaluation();
        return usual.withEvaluation(new EvaluationSettings(
                STUDENTS, RANDOM_DRAWS, judgement.epochs(), judgement.batch(), judgement.realRate(), SAMPLE_STEPS));
    }
}
