package io.reflux.config;

import java.util.Optional;
import java.util.OptionalInt;

/** Names and sizes of the topics; everything else about them stands in {@code kafka/topics.properties}. */
public interface TopicsConfig {
    /** Put before the name of every topic, for several installations on one cluster. */
    Optional<String> prefix();

    /** Partitions of reservoir, distilled and rounds; fixed once they exist. 4 unless said otherwise. */
    OptionalInt partitions();

    /** Partitions of images at creation. 4 unless said otherwise. */
    OptionalInt imagesPartitions();
}
