package io.reflux.rounds;

import io.reflux.distill.DistilledSet;
import io.reflux.wire.Manifest;

/**
 * A published generation, whole and checked.
 *
 * @param manifest as published
 * @param document the manifest's bytes
 * @param set put together from its shards
 * @param bytes of the pointer, the manifest, the shards and a whitening matrix as they stand on the topic
 */
@SuppressWarnings("ArrayRecordComponent")
public record Generation(Manifest manifest, byte[] document, DistilledSet set, long bytes) {}
