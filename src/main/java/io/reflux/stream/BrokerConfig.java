package io.reflux.stream;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The broker in the process, which runs when {@code kafka.bootstrap.servers} is not set. */
public interface BrokerConfig {
    /** Port of the embedded broker on 127.0.0.1; 0 takes a free one. */
    @WithDefault("9092")
    int port();

    /** How long to wait at start for a broker to answer. */
    @WithDefault("PT30S")
    Duration patience();
}
