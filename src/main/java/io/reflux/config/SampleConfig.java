package io.reflux.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The sample kept of every feed. */
public interface SampleConfig {
    /** Images kept of each class of a feed, besides those held out. */
    @WithDefault("300")
    int perClass();

    /** Age at which an image's weight in the sample has halved. Without one the sample is uniform over all time. */
    Optional<Duration> halfLife();

    /** Fraction of the images held out for evaluation, 0 to less than 1. */
    @WithDefault("0.1")
    double holdOut();

    /** Images of a class that are held out at least, once there are enough. */
    @WithDefault("10")
    int holdOutMinimum();
}
