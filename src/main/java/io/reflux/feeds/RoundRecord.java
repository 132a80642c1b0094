package io.reflux.feeds;

import io.reflux.distill.EvaluationReport;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundOrigin;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One round as its events tell it.
 *
 * @param round its id
 * @param state {@code requested}, {@code running}, or how it ended: {@code finished}, {@code refused},
 *     {@code cancelled}, {@code failed}
 * @param trigger {@code request}, {@code count} or {@code time}; absent before it started
 * @param images the feed had had when it started; absent before
 * @param requested when somebody asked for it; absent when nobody did
 * @param started when it started last; absent before
 * @param ended absent before the end
 * @param seconds spent in each stage; absent before the end
 * @param generation it published; absent unless it finished
 * @param accuracy of what it made; absent unless it was evaluated
 * @param reason why it did not finish; absent otherwise
 * @param origin what it works on and by; absent before it has its sample
 */
public record RoundRecord(
        String round,
        String state,
        @Nullable String trigger,
        @Nullable Long images,
        @Nullable Instant requested,
        @Nullable Instant started,
        @Nullable Instant ended,
        @Nullable Map<String, Double> seconds,
        @Nullable Long generation,
        @Nullable EvaluationReport accuracy,
        @Nullable String reason,
        @Nullable RoundOrigin origin) {
    private static final String REQUESTED = "requested";
    private static final String RUNNING = "running";

    static RoundRecord of(String round) {
        return new RoundRecord(round, REQUESTED, null, null, null, null, null, null, null, null, null, null);
    }

    /** The same round after a further event. */
    RoundRecord after(RoundEvent event) {
        RoundDetail detail = event.detail();
        return switch (event.type()) {
            case REQUESTED ->
                new RoundRecord(
                        round,
                        state,
                        trigger,
                        images,
                        event.time(),
                        started,
                        ended,
                        seconds,
                        generation,
                        accuracy,
                        reason,
                        origin);
            case STARTED ->
                new RoundRecord(
                        round,
                        RUNNING,
                        detail.trigger(),
                        detail.images(),
                        requested,
                        event.time(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null);
            case FINISHED, REFUSED, CANCELLED, FAILED ->
                Boolean.TRUE.equals(detail.resumes())
                        ? new RoundRecord(
                                round, REQUESTED, trigger, images, requested, started, null, null, null, null, null,
                                origin)
                        : new RoundRecord(
                                round,
                                event.type().text(),
                                trigger,
                                images,
                                requested,
                                started,
                                event.time(),
                                detail.seconds(),
                                detail.generation(),
                                detail.accuracy(),
                                detail.reason(),
                                origin);
            case PROGRESS -> detail.origin() == null ? this : with(detail.origin());
            default -> this;
        };
    }

    /** The same round of this origin. */
    RoundRecord with(RoundOrigin known) {
        return new RoundRecord(
                round, state, trigger, images, requested, started, ended, seconds, generation, accuracy, reason, known);
    }

    /** The same round without its configuration. */
    public RoundRecord brief() {
        return origin == null ? this : with(origin.brief());
    }

    /** Whether it is over. */
    public boolean over() {
        return ended != null;
    }
}
