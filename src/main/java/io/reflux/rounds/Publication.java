package io.reflux.rounds;

import io.reflux.wire.Key;
import io.reflux.wire.Manifest;
import io.reflux.wire.Shard;
import io.reflux.wire.WhiteningShards;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a generation's transaction writes.
 *
 * @param manifest of the generation
 * @param shards it lists
 * @param whitening records of its whitening matrix that do not stand on the topic yet
 * @param expired keys of older generations that go
 */
public record Publication(
        Manifest manifest, List<Shard> shards, List<WhiteningShards.Piece> whitening, List<Key> expired) {
    public Publication {
        shards = List.copyOf(shards);
        whitening = List.copyOf(whitening);
        expired = List.copyOf(expired);
    }

    /**
     * @param whitening all records of the generation's whitening matrix; empty when it has none
     * @param live manifests that stand on the topic now
     * @param pinned generations that stay whatever their number
     * @param keep generations that stay, this one among them
     */
    public static Publication of(
            Manifest manifest,
            List<Shard> shards,
            List<WhiteningShards.Piece> whitening,
            Collection<Manifest> live,
            Set<Long> pinned,
            int keep) {
        Set<Key> standing = whiteningKeys(live);
        Map<Boolean, List<Manifest>> old = live.stream()
                .collect(Collectors.partitioningBy(former ->
                        !pinned.contains(former.generation()) && former.generation() <= manifest.generation() - keep));
        List<Manifest> gone = old.getOrDefault(true, List.of());
        Set<Key> needed = whiteningKeys(old.getOrDefault(false, List.of()));
        needed.addAll(whiteningKeys(List.of(manifest)));
        List<Key> expired = new ArrayList<>();
        gone.forEach(former -> {
            former.shards().forEach(shard -> expired.add(Key.parse(shard.key())));
            expired.add(former.key());
        });
        standing.stream().filter(key -> !needed.contains(key)).forEach(expired::add);
        return new Publication(
                manifest,
                shards,
                whitening.stream()
                        .filter(piece -> !standing.contains(piece.key()))
                        .toList(),
                expired);
    }

    private static Set<Key> whiteningKeys(Collection<Manifest> manifests) {
        return manifests.stream()
                .flatMap(manifest -> WhiteningShards.keys(manifest.normalisation()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
