package io.reflux.wire;

/**
 * What a feed has been told to forget. Sets, trajectories and checkpoints of another lineage may have seen what is
 * forgotten, so no round goes on from them.
 *
 * @param incarnation of the feed: empty until it is reset or deleted for the first time
 * @param erasures digest of what is erased; empty while nothing is
 */
public record Lineage(String incarnation, String erasures) {
    /** Of a feed that has forgotten nothing. */
    public static final Lineage NONE = new Lineage("", "");
}
