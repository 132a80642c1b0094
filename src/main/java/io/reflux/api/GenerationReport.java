package io.reflux.api;

import io.reflux.distill.EvaluationReport;
import io.reflux.stream.FeedStatus;
import io.reflux.wire.Manifest;
import io.reflux.wire.Volume;
import java.time.Instant;

/**
 * The current generation in short; its manifest says all.
 *
 * @param generation its number
 * @param time of its publication
 * @param accuracy on held-out images
 * @param out synthetic images and their bytes
 */
public record GenerationReport(long generation, Instant time, EvaluationReport accuracy, Volume out) {
    static GenerationReport of(FeedStatus.Published published) {
        Manifest manifest = published.manifest();
        return new GenerationReport(manifest.generation(), manifest.time(), manifest.accuracy(), manifest.out());
    }
}
