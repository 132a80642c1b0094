package io.reflux.wire;

import io.reflux.distill.EvaluationReport;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a round event says beyond its type; fields that do not apply are absent.
 *
 * @param trigger {@code request}, {@code count} or {@code time}; on {@code started}
 * @param images the feed had had when the round began; on {@code started}
 * @param stage on {@code progress}: {@code sampling}, {@code training-experts}, {@code distilling}, {@code evaluating}
 *     or {@code publishing}
 * @param done units of the stage done
 * @param total units of the stage
 * @param loss of the last unit
 * @param generation published, on {@code finished}; meant, on what is asked of a generation and answered
 * @param accuracy on {@code finished} and {@code refused}
 * @param seconds spent a stage; on the events that end a round
 * @param reason why; on {@code refused}, {@code cancelled} and {@code failed}
 * @param resumes on {@code cancelled}: the round goes on under its next owner
 * @param origin on the {@code progress} that tells that the sample has been taken
 */
public record RoundDetail(
        @Nullable String trigger,
        @Nullable Long images,
        @Nullable String stage,
        @Nullable Long done,
        @Nullable Long total,
        @Nullable Double loss,
        @Nullable Long generation,
        @Nullable EvaluationReport accuracy,
        @Nullable Map<String, Double> seconds,
        @Nullable String reason,
        @Nullable Boolean resumes,
        @Nullable RoundOrigin origin) {
    /** The stage that has a matching loss. */
    public static final String DISTILLING = "distilling";

    public static final RoundDetail NONE =
            new RoundDetail(null, null, null, null, null, null, null, null, null, null, null, null);

    public static RoundDetail started(String trigger, long images) {
        return new RoundDetail(trigger, images, null, null, null, null, null, null, null, null, null, null);
    }

    public static RoundDetail generation(long generation) {
        return new RoundDetail(null, null, null, null, null, null, generation, null, null, null, null, null);
    }

    /** @param reason why it was not done */
    public static RoundDetail declined(long generation, String reason) {
        return new RoundDetail(null, null, null, null, null, null, generation, null, null, reason, null, null);
    }

    /** @param stage in which the sample is taken */
    public static RoundDetail sampled(String stage, RoundOrigin origin) {
        return new RoundDetail(null, null, stage, 0L, 0L, null, null, null, null, null, null, origin);
    }

    /** @param loss NaN where there is none */
    public static RoundDetail progress(String stage, long done, long total, double loss) {
        return new RoundDetail(
                null,
                null,
                stage,
                done,
                total,
                Double.isFinite(loss) ? loss : null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    public static RoundDetail finished(long generation, EvaluationReport accuracy, Map<String, Double> seconds) {
        return new RoundDetail(null, null, null, null, null, null, generation, accuracy, seconds, null, null, null);
    }

    /** @param accuracy null when the round was refused before it had any */
    public static RoundDetail refused(String reason, @Nullable EvaluationReport accuracy, Map<String, Double> seconds) {
        return new RoundDetail(null, null, null, null, null, null, null, accuracy, seconds, reason, null, null);
    }

    public static RoundDetail cancelled(String reason, boolean resumes, Map<String, Double> seconds) {
        return new RoundDetail(null, null, null, null, null, null, null, null, seconds, reason, resumes, null);
    }

    public static RoundDetail failed(String reason, Map<String, Double> seconds) {
        return new RoundDetail(null, null, null, null, null, null, null, null, seconds, reason, null, null);
    }
}
