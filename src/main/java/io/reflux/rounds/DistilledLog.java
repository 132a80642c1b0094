package io.reflux.rounds;

import io.reflux.distill.DistilledSet;
import io.reflux.feeds.FeedStatus;
import io.reflux.nn.ZcaNormalisation;
import io.reflux.telemetry.LogFields;
import io.reflux.wire.Key;
import io.reflux.wire.Manifest;
import io.reflux.wire.Pin;
import io.reflux.wire.Pointer;
import io.reflux.wire.Sha256;
import io.reflux.wire.Shard;
import io.reflux.wire.ShardEntry;
import io.reflux.wire.WhiteningShards;
import io.reflux.wire.WireException;
import io.reflux.wire.ZcaScale;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What stands on {@code distilled} for one feed after the records read so far. */
final class DistilledLog {
    private static final Logger LOG = Logger.getLogger(DistilledLog.class);
    private final String feed;
    private final Map<Key, byte[]> values = new HashMap<>();

    DistilledLog(String feed) {
        this.feed = feed;
    }

    /** Takes the next record; those of other feeds, and keys nobody can read, are not ours. */
    void take(@Nullable String text, byte @Nullable [] value) {
        Key key = parsed(text);
        if (key == null || !key.part(0).equals(feed)) {
            return;
        }
        if (value == null) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
    }

    /** @throws WireException when the pointer is damaged */
    Optional<Pointer> pointer() throws WireException {
        byte[] value = values.get(Pointer.key(feed));
        return value == null ? Optional.empty() : Optional.of(Pointer.fromBytes(value));
    }

    /** Every readable manifest that stands, oldest first. */
    List<Manifest> manifests() {
        List<Manifest> manifests = new ArrayList<>();
        values.forEach((key, value) -> {
            if (key.size() == 2) {
                try {
                    manifests.add(Manifest.fromBytes(value));
                } catch (WireException e) {
                    // A manifest of another version is not ours to use or to expire.
                    LOG.debugf("feed %s: %s", feed, e.getMessage());
                }
            }
        });
        manifests.sort(Comparator.comparingLong(Manifest::generation));
        return manifests;
    }

    /** All that stands. */
    Standing standing() {
        SortedMap<Long, FeedStatus.Published> found = new TreeMap<>();
        for (Manifest manifest : manifests()) {
            byte[] document = values.get(manifest.key());
            if (document != null) {
                found.put(manifest.generation(), new FeedStatus.Published(manifest, document));
            }
        }
        SortedSet<Long> pinned = new TreeSet<>();
        values.forEach((key, value) -> {
            if (key.size() == 3 && key.part(1).equals(Pin.KIND)) {
                pin(value).ifPresent(pinned::add);
            }
        });
        return new Standing(feed, found, pinned, currentNumber(), values.keySet());
    }

    private Optional<Long> currentNumber() {
        try {
            return pointer().map(Pointer::generation);
        } catch (WireException e) {
            warn(e);
            return Optional.empty();
        }
    }

    private Optional<Long> pin(byte[] value) {
        try {
            return Optional.of(Pin.fromBytes(value).generation());
        } catch (WireException e) {
            warn(e);
            return Optional.empty();
        }
    }

    private void warn(WireException problem) {
        try (LogFields fields = LogFields.of(feed)) {
            LOG.warnf("feed %s: %s", feed, problem.getMessage());
        }
    }

    /** @throws WireException saying what is missing or damaged of the generation pointed at */
    Generation assemble(Pointer pointer) throws WireException {
        byte[] document = required(Manifest.key(feed, pointer.generation()), "its manifest");
        if (!Sha256.hex(document).equals(pointer.manifest())) {
            throw new WireException("the manifest of generation " + pointer.generation()
                    + " does not have the SHA-256 its pointer gives");
        }
        return assemble(document, pointer.toBytes().length);
    }

    /** @throws WireException saying what is missing or damaged of the generation */
    Optional<Generation> generation(long number) throws WireException {
        byte[] document = values.get(Manifest.key(feed, number));
        return document == null ? Optional.empty() : Optional.of(assemble(document, 0));
    }

    private Generation assemble(byte[] document, long pointer) throws WireException {
        Manifest manifest = Manifest.fromBytes(document);
        List<byte[]> shards = new ArrayList<>();
        for (ShardEntry entry : manifest.shards()) {
            shards.add(required(Key.parse(entry.key()), "shard " + entry.key()));
        }
        List<byte[]> matrix = new ArrayList<>();
        for (Key key : WhiteningShards.keys(manifest.normalisation()).toList()) {
            matrix.add(required(key, "whitening shard " + key));
        }
        ZcaNormalisation whitening =
                manifest.normalisation() instanceof ZcaScale scale ? WhiteningShards.join(scale, matrix) : null;
        DistilledSet set = Shard.assemble(manifest.shards(), shards, whitening);
        long bytes = document.length + pointer + size(shards) + size(matrix);
        return new Generation(manifest, document, set, bytes);
    }

    private static long size(List<byte[]> values) {
        return values.stream().mapToLong(value -> value.length).sum();
    }

    private byte[] required(Key key, String what) throws WireException {
        byte[] value = values.get(key);
        if (value == null) {
            throw new WireException(what + " is missing");
        }
        return value;
    }

    private static @Nullable Key parsed(@Nullable String text) {
        try {
            return text == null ? null : Key.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
