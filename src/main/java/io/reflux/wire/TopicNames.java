package io.reflux.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The names of the topics, and where in them a feed lives.
 *
 * @param prefix put before every name; may be empty
 */
public record TopicNames(String prefix) {
    private static final int FNV_PRIME = 16777619;
    private static final int FNV_BASIS = (int) 2166136261L;

    /** Labelled images as devices produce them. */
    public String images() {
        return prefix + "images";
    }

    /** Records that could not be taken, with the reason in their headers. */
    public String deadLetters() {
        return prefix + "images-dlq";
    }

    /** The samples, compacted. */
    public String reservoir() {
        return prefix + "reservoir";
    }

    /** The published generations, compacted. */
    public String distilled() {
        return prefix + "distilled";
    }

    /** Events of rounds. */
    public String rounds() {
        return prefix + "rounds";
    }

    /** The topics in which a feed's records lie in the partition of the feed's hash. */
    public List<String> partitionedByFeed() {
        return List.of(reservoir(), distilled(), rounds());
    }

    /**
     * The partition a feed's records go to in {@link #partitionedByFeed()}: FNV-1a (32 bits, Fowler, Noll and Vo) of the
     * feed's UTF-8 bytes, its sign bit cleared, modulo the number of partitions.
     */
    public static int partitionOf(String feed, int partitions) {
        int hash = FNV_BASIS;
        for (byte b : feed.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return (hash & Integer.MAX_VALUE) % partitions;
    }
}
