package io.reflux.feeds;

import io.reflux.wire.Manifest;
import io.reflux.wire.Pointer;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.SettingsRecord;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the topics say of one feed, without its images. Safe for use by several threads. */
public final class FeedStatus {
    private final Map<Integer, ProgressRecord> progress = new TreeMap<>();
    private final Map<String, SortedMap<String, Long>> kept = new TreeMap<>();
    private final SortedMap<Long, Published> published = new TreeMap<>(Comparator.reverseOrder());
    private final RoundLog rounds = new RoundLog();
    private final RoundHistory history = new RoundHistory();
    private final OrderAnswers answers = new OrderAnswers();
    private final Set<Long> pinned = new HashSet<>();
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

    /** Every generation that stands on the topic, newest first. */
    public synchronized List<Published> published() {
        return List.copyOf(published.values());
    }

    /** A generation that stands on the topic. */
    public synchronized Optional<Published> published(long generation) {
        return Optional.ofNullable(published.get(generation));
    }

    /** The feed's last rounds. */
    public RoundHistory history() {
        return history;
    }

    /** The last answers to what was asked of its generations. */
    public OrderAnswers answers() {
        return answers;
    }

    /** Whether a generation stays however many follow. */
    public synchronized boolean isPinned(long generation) {
        return pinned.contains(generation);
    }

    synchronized void pin(long generation, boolean stays) {
        if (stays) {
            pinned.add(generation);
        } else {
            pinned.remove(generation);
        }
    }

    synchronized void take(RoundEvent event) {
        rounds.take(event);
        history.take(event);
        answers.take(event);
    }

    /** The feed was deleted with its rounds. */
    synchronized void forgetRounds() {
        rounds.clear();
        history.clear();
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

    /** Identities of the kept images of a class that came last, the newest first. */
    public synchronized List<String> keptIdentities(String label, int limit) {
        return kept.getOrDefault(label, Collections.emptySortedMap()).entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The offset of the record of a kept image. */
    public synchronized OptionalLong keptOffset(String label, String identity) {
        Long offset = kept.getOrDefault(label, Collections.emptySortedMap()).get(identity);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    synchronized void image(ReservoirKey.OfImage key, long offset, boolean present) {
        SortedMap<String, Long> identities = kept.computeIfAbsent(key.label(), label -> new TreeMap<>());
        if (present) {
            identities.put(key.identity().text(), offset);
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
