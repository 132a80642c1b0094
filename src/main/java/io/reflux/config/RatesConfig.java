package io.reflux.config;

import io.smallrye.config.WithDefault;

/** How often one caller may ask what costs much: by user, or by address where nobody has to say who they are. */
public interface RatesConfig {
    /** Uploads a minute, each an image or an archive; 0: any number. */
    @WithDefault("600")
    int uploads();

    /** Rounds asked for in a minute; 0: any number. */
    @WithDefault("60")
    int rounds();
}
