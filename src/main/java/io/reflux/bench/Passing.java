package io.reflux.bench;

/**
 * How far a reader was at a moment.
 *
 * @param nanos the moment, as {@link System#nanoTime} tells it
 * @param images it had passed
 */
record Passing(long nanos, long images) {
    /** Images a second between an earlier moment and this one. */
    double rateSince(Passing earlier) {
        return (images - earlier.images) / ((nanos - earlier.nanos) / 1e9);
    }
}
