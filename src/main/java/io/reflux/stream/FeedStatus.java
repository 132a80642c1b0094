package io.reflux.stream;

import io.reflux.wire.Manifest;
import io.reflux.wire.Pointer;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.SettingsRecord;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the topics say of one feed, without its images. Safe for use by several threads. */
public final class FeedStatus {
    private final Map<Integer, ProgressRecord> progress = new TreeMap<>();
    private final Map<String, Set<String>> kept = new TreeMap<>();
    private final SortedMap<Long, Published> published = new TreeMap<>(Comparator.reverseOrder());
    private final RoundLog rounds = new RoundLog();
    private @Nullable SettingsRecord settings;
    private @Nullable Pointer pointer;
    private @Nullable ResetRecord reset;

    /**
     * A manifest and its record's value.
     *
     * @param document JSON, UTF-8
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Published(Manifest manifest, byte[] document) {}

    /** Images taken since the feed began. */
    public synchronized long images() {
        return progress.values().stream().mapToLong(ProgressRecord::images).sum();
    }

    /** Bytes of their record values. */
    public synchronized long bytes() {
        return progress.values().stream().mapToLong(ProgressRecord::bytes).sum();
    }

    /** Dead-lettered records by reason. */
    public synchronized Map<String, Long> rejects() {
        Map<String, Long> rejects = new TreeMap<>();
        progress.values().forEach(part -> part.rejects().forEach((why, count) -> rejects.merge(why, count, Long::sum)));
        return rejects;
    }

    /** Images kept of each class, held-out ones included. */
    public synchronized Map<String, Integer> sample() {
        Map<String, Integer> counts = new TreeMap<>();
        kept.forEach((label, identities) -> counts.put(label, identities.size()));
        return counts;
    }

    /** What is settled. */
    public synchronized Optional<SettingsRecord> settings() {
        return Optional.ofNullable(settings);
    }

    /** Digest of the current generation's manifest. */
    public synchronized Optional<String> digest() {
        return Optional.ofNullable(pointer).map(Pointer::manifest);
    }

    /** The current generation. */
    public synchronized Optional<Published> current() {
        return Optional.ofNullable(pointer).map(found -> published.get(found.generation()));
    }

    /** What the events of the feed's rounds amount to. */
    public RoundLog rounds() {
        return rounds;
    }

    /** Whether it was deleted, and nothing came since. */
    public synchronized boolean isDeleted() {
        return reset != null && reset.deleted() && progress.isEmpty() && kept.isEmpty() && published.isEmpty();
    }

    synchronized void take(ProgressRecord record) {
        if (record.incarnation().equals(incarnation())) {
            progress.put(record.key().partition(), record);
        }
    }

    synchronized void take(SettingsRecord record) {
        if (record.incarnation().equals(incarnation())) {
            settings = record;
        }
    }

    /** Forgets counts and settings of former incarnations; their images get tombstones. */
    synchronized void take(ResetRecord record) {
        if (!record.incarnation().equals(incarnation())) {
            reset = record;
            progress.clear();
            settings = null;
        }
    }

    private String incarnation() {
        return reset == null ? "" : reset.incarnation();
    }

    synchronized void image(ReservoirKey.OfImage key, boolean present) {
        Set<String> identities = kept.computeIfAbsent(key.label(), label -> new HashSet<>());
        if (present) {
            identities.add(key.identity().text());
        } else {
            identities.remove(key.identity().text());
        }
        if (identities.isEmpty()) {
            kept.remove(key.label());
        }
    }

    synchronized void take(@Nullable Pointer next) {
        pointer = next;
    }

    synchronized void take(long generation, @Nullable Published next) {
        if (next == null) {
            published.remove(generation);
        } else {
            published.put(generation, next);
        }
    }
}
