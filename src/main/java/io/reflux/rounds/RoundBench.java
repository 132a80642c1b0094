package io.reflux.rounds;

import io.reflux.distill.DistillationSettings;
import io.reflux.reservoir.FeedSample;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;

/**
 * What rounds work with.
 *
 * @param samples snapshot of a feed's sample
 * @param generations current generation of a feed
 * @param publisher of generations
 * @param engine that distils
 * @param settings of a feed
 * @param acceptance of results
 * @param keep generations that stay on the topic
 * @param directory for the trajectories and checkpoints of all feeds
 * @param version of Reflux, for manifests
 * @param voice for events
 * @param clock for events and manifests
 */
record RoundBench(
        Function<String, Optional<FeedSample>> samples,
        GenerationReader generations,
        Publisher publisher,
        DistillationEngine engine,
        Function<String, DistillationSettings> settings,
        Acceptance acceptance,
        int keep,
        Path directory,
        String version,
        RoundVoice voice,
        Clock clock) {
    /** Where feeds have their trajectories and checkpoints. */
    FeedCaches caches() {
        return new FeedCaches(directory);
    }
}
