package io.reflux.config;

/** A part of the service that can run on replicas of its own. */
public enum Role {
    /** Reads images, keeps those that may be in the sample. */
    COLLECTOR,
    /** Owns the samples of its partitions and runs rounds. */
    DISTILLERY,
    /** Answers over HTTP. */
    API
}
