package io.reflux.config;

import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/** Bounds on what producers can make the service hold. */
public interface LimitsConfig {
    /** Classes of a feed; of more, those most likely the frequent ones are kept, and images of the others only counted. */
    @WithDefault("100")
    int classes();

    /**
     * Images kept of a feed, held-out ones included. It lowers {@code classes} to as many as have room; without it a feed
     * keeps (per-class + held-out) times classes at most.
     */
    OptionalInt images();

    /** Feeds; images of further ones are dead-lettered. */
    @WithDefault("100")
    int feeds();

    /** Pixels (height times width) of an image. */
    @WithDefault("1000000")
    int pixels();

    /** Refuse feeds that have no section under {@code reflux.feeds}. */
    @WithDefault("false")
    boolean declaredFeedsOnly();
}
