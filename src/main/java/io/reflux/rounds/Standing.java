package io.reflux.rounds;

import io.reflux.feeds.FeedStatus;
import io.reflux.wire.Key;
import io.reflux.wire.Lineage;
import io.reflux.wire.Manifest;
import io.reflux.wire.Pin;
import io.reflux.wire.Pointer;
import io.reflux.wire.ShardEntry;
import io.reflux.wire.WhiteningShards;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What stands on {@code distilled} for one feed.
 *
 * @param feed its name
 * @param manifests every readable one, by generation
 * @param pinned generations
 * @param current the generation the pointer names; empty without a readable pointer
 * @param keys of all records
 */
public record Standing(
        String feed,
        SortedMap<Long, FeedStatus.Published> manifests,
        SortedSet<Long> pinned,
        Optional<Long> current,
        Set<Key> keys) {
    public Standing {
        manifests = new TreeMap<>(manifests);
        pinned = new TreeSet<>(pinned);
        keys = Set.copyOf(keys);
    }

    /** The manifests, oldest first. */
    public List<Manifest> live() {
        return manifests.values().stream().map(FeedStatus.Published::manifest).toList();
    }

    /** The number of the next generation: none is given twice, wherever the pointer points. */
    long next() {
        return 1 + Math.max(manifests.isEmpty() ? 0 : manifests.lastKey(), current.orElse(0L));
    }

    /** Records that are of no generation of this incarnation of the feed. */
    List<Key> ofOtherIncarnations(String incarnation) {
        Set<Key> own = new HashSet<>();
        for (Manifest manifest : live()) {
            Lineage lineage = manifest.descent();
            if (lineage.incarnation().equals(incarnation)) {
                keysOf(manifest).forEach(own::add);
                own.add(Pin.key(feed, manifest.generation()));
                if (current.filter(number -> number == manifest.generation()).isPresent()) {
                    own.add(Pointer.key(feed));
                }
            }
        }
        List<Key> others = new ArrayList<>(keys);
        others.removeAll(own);
        return others;
    }

    private static Stream<Key> keysOf(Manifest manifest) {
        return Stream.concat(
                Stream.of(manifest.key()),
                Stream.concat(
                        manifest.shards().stream().map(ShardEntry::key).map(Key::parse),
                        WhiteningShards.keys(manifest.normalisation())));
    }
}
