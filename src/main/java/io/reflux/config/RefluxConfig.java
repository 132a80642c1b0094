package io.reflux.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The configuration of the service. */
@ConfigMapping(prefix = "reflux")
public interface RefluxConfig {
    /** What this process does. Any replica may do any of it; Kafka spreads the work. */
    @WithDefault("collector,distillery,api")
    Set<Role> roles();

    /** A name of this replica that stays over restarts, so that a short one moves no partition. */
    Optional<String> instance();

    /** Where rounds compute: auto (a GPU when PyTorch sees one), cpu, gpu (the first) or gpu:N. */
    @WithDefault("auto")
    String device();

    /** Megabytes that the activations of a pass may take, for each thread; 0 chooses by the device. */
    @WithDefault("0")
    int activationMemory();

    /** Threads that compute side by side; as many as there are processors unless said otherwise. */
    OptionalInt threads();

    /** Local files. */
    LocalFiles data();

    /** The broker in the process, and how long to wait for any broker. */
    BrokerConfig broker();

    /** Names and sizes of the topics. */
    TopicsConfig topics();

    /** The sample kept of every feed. */
    SampleConfig sample();

    /** Bounds on what producers can make the service hold. */
    LimitsConfig limits();

    /** Bounds on what one call may upload. */
    UploadsConfig uploads();

    /** Who may call over HTTP. */
    SecurityConfig security();

    /** How often one caller may ask what costs much. */
    RatesConfig rates();

    /** How far ahead of its record's timestamp an image's own time may be; later ones count as this far ahead. */
    @WithDefault("PT5M")
    Duration clockSkew();

    /** What is different for single feeds, by name. */
    Map<String, FeedConfig> feeds();

    /** When rounds start. */
    RoundsConfig rounds();

    /** Published generations. */
    Generations generations();

    /** How a sample is distilled. */
    DistillationConfig distillation();

    /** Local files. */
    interface LocalFiles {
        /** Where the embedded broker keeps its data and the distillery its trajectories and checkpoints. */
        @WithDefault("data")
        Path directory();
    }

    /** Published generations. */
    interface Generations {
        /** Generations of a feed that stay on the topic. */
        @WithDefault("3")
        int keep();
    }
}
