package io.reflux.config;

import io.smallrye.config.WithDefault;

/** Bounds on what one call may upload; {@code quarkus.http.limits.max-body-size} bounds its bytes. */
public interface UploadsConfig {
    /** Images in an archive at most. */
    @WithDefault("10000")
    int images();

    /** Megabytes (10^6 bytes) that the images of an archive may have unpacked, all together. */
    @WithDefault("512")
    int unpackedMegabytes();
}
