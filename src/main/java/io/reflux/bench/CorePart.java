package io.reflux.bench;

/** What is measured in a process of its own, so that the peak memory is that of the part. */
enum CorePart {
    ALL,
    /** Iterations of matching, their peak memory, then plain steps. */
    ITERATION,
    /** Steps of a flat expert, and their peak memory. */
    EXPERTS
}
