package io.reflux.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The broker in the process, which runs when {@code kafka.bootstrap.servers} is not set. */
public interface BrokerConfig {
    /** Port of the embedded broker on 127.0.0.1; 0 takes a free one. */
    @WithDefault("9092")
    int port();

    /**
     * How long the start waits for a cluster to answer. One that does not is waited for on in the background, while the
     * service says that it is not ready.
     */
    @WithDefault("PT3S")
    Duration patience();
}
