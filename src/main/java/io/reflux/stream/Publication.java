package io.reflux.stream;

import io.reflux.wire.Key;
import io.reflux.wire.Manifest;
import io.reflux.wire.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What a generation's transaction writes.
 *
 * @param manifest of the generation
 * @param shards it lists
 * @param expired keys of older generations that go
 */
public record Publication(Manifest manifest, List<Shard> shards, List<Key> expired) {
    public Publication {
        shards = List.copyOf(shards);
        expired = List.copyOf(expired);
    }

    /**
     * @param live manifests that stand on the topic now
     * @param keep generations that stay, this one among them
     */
    public static Publication of(Manifest manifest, List<Shard> shards, Collection<Manifest> live, int keep) {
        List<Key> expired = new ArrayList<>();
        live.stream()
                .filter(old -> old.generation() <= manifest.generation() - keep)
                .forEach(old -> {
                    old.shards().forEach(shard -> expired.add(Key.parse(shard.key())));
                    expired.add(old.key());
                });
        return new Publication(manifest, shards, expired);
    }
}
