package io.reflux.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** When rounds start. A round can be requested at any time, whatever stands here. */
public interface RoundsConfig {
    /** New images that make a feed's round due; 0: never by count. */
    @WithDefault("10000")
    long everyImages();

    /** Time since a feed's last round that makes the next one due, if images came since. Without it: never by time. */
    Optional<Duration> every();

    /** Kept images every class needs before a round nobody asked for. */
    @WithDefault("10")
    int minimumPerClass();

    /** How much less accurate than the last generation a result may be and still be published, 0 to 1. */
    @WithDefault("0.1")
    double tolerance();

    /** How long no round starts by itself after one has failed; doubles with each further failure. */
    @WithDefault("PT1M")
    Duration backoff();

    /**
     * How far the threads that compute rounds give way to the others of this machine, as of nice(1): 0, not at all, to 19.
     * On Linux only.
     */
    @WithDefault("5")
    int niceness();
}
