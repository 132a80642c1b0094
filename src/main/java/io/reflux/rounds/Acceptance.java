package io.reflux.rounds;

import io.reflux.config.InvalidConfigurationException;
import io.reflux.distill.Accuracy;
import io.reflux.distill.EvaluationReport;
import io.reflux.wire.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a result is worth publishing: better than random real images of the same count, and not much worse
 * than the last generation.
 *
 * @param tolerance how much worse than the last generation's accuracy is still published, 0 … 1
 */
record Acceptance(double tolerance) {
    Acceptance {
        if (!(tolerance >= 0 && tolerance <= 1)) {
            throw new InvalidConfigurationException("reflux.rounds.tolerance", "is " + tolerance + ", must be 0 to 1");
        }
    }

    /**
     * Why a result must not be published; empty when it may.
     *
     * @param classes of the result; a generation of other classes cannot be compared with
     * @param last manifest of the current generation, or null
     */
    Optional<String> objection(EvaluationReport report, List<String> classes, @Nullable Manifest last) {
        double distilled = report.distilled().mean();
        // Written so that an accuracy that is not a number is refused.
        if (!(distilled > report.random().mean())) {
            return Optional.of("students trained on the distilled set reach " + percent(report.distilled())
                    + ", no better than on random real images, " + percent(report.random()));
        }
        if (last != null
                && last.classes().equals(classes)
                && distilled < last.accuracy().distilled().mean() - tolerance) {
            return Optional.of("students trained on the distilled set reach " + percent(report.distilled())
                    + ", much less than on generation " + last.generation() + ", "
                    + percent(last.accuracy().distilled()) + "; reflux.rounds.tolerance is " + tolerance);
        }
        return Optional.empty();
    }

    private static String percent(Accuracy accuracy) {
        return String.format(Locale.ROOT, "%.1f %% (± %.1f)", 100 * accuracy.mean(), 100 * accuracy.spread());
    }
}
