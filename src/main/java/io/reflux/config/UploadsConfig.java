package io.reflux.config;

import io.smallrye.config.WithDefault;

/** Bounds on what one call may upload; {@code quarkus.http.limits.max-body-size} bounds its bytes. */
public interface UploadsConfig {
    /** Images in an archive at most; it may have four entries of any kind for each of them. */
    @WithDefault("10000")
    int images();

    /** Megabytes (10^6 bytes) that an archive may unpack to, with what is in it besides images. */
    @WithDefault("512")
    int unpackedMegabytes();
}
