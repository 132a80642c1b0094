package io.reflux.wire;

/**
 * Where a record was read.
 *
 * @param topic its name
 * @param partition of the topic
 * @param offset in the partition
 * @param timestamp the record's, milliseconds since the epoch
 */
public record Coordinates(String topic, int partition, long offset, long timestamp) {}
