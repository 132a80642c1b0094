package io.reflux.api;

import io.reflux.distill.EvaluationReport;
import io.reflux.feeds.FeedStatus;
import io.reflux.wire.Manifest;
import io.reflux.wire.Volume;
import java.time.Instant;

/**
 * A generation in short; its manifest says all.
 *
 * @param generation its number
 * @param time of its publication
 * @param accuracy on held-out images
 * @param out synthetic images and their bytes
 * @param pinned whether it stays however many follow
 */
public record GenerationReport(long generation, Instant time, EvaluationReport accuracy, Volume out, boolean pinned) {
    static GenerationReport of(FeedStatus status, FeedStatus.Published published) {
        Manifest manifest = published.manifest();
        return new GenerationReport(
                manifest.generation(),
                manifest.time(),
                manifest.accuracy(),
                manifest.out(),
                status.isPinned(manifest.generation()));
    }
}
