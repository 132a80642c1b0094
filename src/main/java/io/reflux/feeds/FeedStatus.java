package io.reflux.feeds;

import io.reflux.wire.Manifest;
import io.reflux.wire.Pointer;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.SettingsRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.LongSummaryStatistics;
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
    private final Map<String, SortedMap<String, Kept>> kept = new TreeMap<>();
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

    /**
     * An image of the sample.
     *
     * @param offset of its record
     * @param time when it was taken, milliseconds since the epoch
     */
    private record Kept(long offset, long time) {}

    /** When the images of a sample were taken. */
    public record SampleTime(Instant mean, Instant newest) {}

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

    /** When the kept images were taken; empty without any. */
    public synchronized Optional<SampleTime> sampleTime() {
        LongSummaryStatistics times = kept.values().stream()
                .flatMap(images -> images.values().stream())
                .mapToLong(Kept::time)
                .summaryStatistics();
        return times.getCount() == 0
                ? Optional.empty()
                : Optional.of(new SampleTime(
                        Instant.ofEpochMilli(Math.round(times.getAverage())), Instant.ofEpochMilli(times.getMax())));
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
                .sorted(Comparator.comparingLong((Map.Entry<String, Kept> entry) ->
                                entry.getValue().offset())
                        .reversed())
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The offset of the record of a kept image. */
    public synchronized OptionalLong keptOffset(String label, String identity) {
        Kept image = kept.getOrDefault(label, Collections.emptySortedMap()).get(identity);
        return image == null ? OptionalLong.empty() : OptionalLong.of(image.offset());
    }

    /** @param time when it was taken, milliseconds since the epoch */
    synchronized void keep(ReservoirKey.OfImage key, long offset, long time) {
        kept.computeIfAbsent(key.label(), label -> new TreeMap<>())
                .put(key.identity().text(), new Kept(offset, time));
    }

    synchronized void drop(ReservoirKey.OfImage key) {
        SortedMap<String, Kept> images = kept.get(key.label());
        if (images != null) {
            images.remove(key.identity().text());
            if (images.isEmpty()) {
                kept.remove(key.label());
            }
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
