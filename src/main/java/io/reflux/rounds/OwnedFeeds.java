package io.reflux.rounds;

import io.opentelemetry.api.trace.SpanContext;
import io.reflux.feeds.FeedStatus;
import io.reflux.feeds.RoundLog;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.ReservoirTopic;
import io.reflux.wire.Lineage;
import io.reflux.wire.Manifest;
import io.reflux.wire.ResetRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts together what decides whether a round is due, for every feed that this process owns; for one thread. */
final class OwnedFeeds {
    private static final int MOST_DOUBLINGS = 6;
    private final ReservoirTopic reservoir;
    private final RoundInbox inbox;
    private final GenerationReader generations;
    private final Duration backoff;
    private final Map<String, Instant> firstSeen = new ConcurrentHashMap<>();
    private final Map<String, Optional<Manifest>> last = new ConcurrentHashMap<>();
    private final Map<String, Manifest> current = new ConcurrentHashMap<>();

    /** @param backoff after a failed round; doubles with each further one */
    OwnedFeeds(ReservoirTopic reservoir, RoundInbox inbox, GenerationReader generations, Duration backoff) {
        this.reservoir = reservoir;
        this.inbox = inbox;
        this.generations = generations;
        this.backoff = backoff;
    }

    /** Every feed of a partition that is restored and whose events have been read. */
    List<FeedState> states(Instant now) {
        List<FeedState> states = new ArrayList<>();
        for (FeedSample feed : reservoir.feeds()) {
            if (inbox.restored(feed.partition())) {
                states.add(state(feed.feed(), feed, now));
            }
        }
        inbox.requested().stream()
                .filter(feed -> reservoir.feed(feed).isEmpty())
                .filter(feed -> reservoir.isRestored(inbox.partitionOf(feed)))
                .forEach(feed -> states.add(state(feed, null, now)));
        return states;
    }

    /** Remembers what has just been published. */
    void published(Manifest manifest) {
        last.put(manifest.feed(), Optional.of(manifest));
        current.put(manifest.feed(), manifest);
    }

    /** The current generation of a feed, as far as this process has looked. */
    Optional<Manifest> current(String feed) {
        return Optional.ofNullable(current.get(feed));
    }

    /** The spans that images of a feed came from, the newest few since this was asked last. */
    List<SpanContext> takeOrigins(String feed) {
        return reservoir.takeOrigins(feed);
    }

    /** The deletions of feeds that this process owns, whether something came after them or not. */
    List<ResetRecord> deleted() {
        return reservoir.feeds().stream()
                .filter(feed -> inbox.restored(feed.partition()))
                .flatMap(feed -> feed.reset().stream())
                .filter(ResetRecord::deleted)
                .toList();
    }

    /** What the feeds of this process have been told to forget. */
    Map<String, Lineage> lineages() {
        return reservoir.feeds().stream().collect(Collectors.toMap(FeedSample::feed, FeedSample::lineage));
    }

    /** Forgets what was known of a feed's generations. */
    void forget(String feed) {
        last.remove(feed);
        current.remove(feed);
    }

    /** Forgets a partition's feeds. */
    void forget(int partition) {
        last.keySet().removeIf(feed -> inbox.partitionOf(feed) == partition);
        current.keySet().removeIf(feed -> inbox.partitionOf(feed) == partition);
    }

    private FeedState state(String feed, @Nullable FeedSample sample, Instant now) {
        RoundLog log = inbox.log(feed);
        Optional<Manifest> manifest = last.computeIfAbsent(feed, this::newest);
        Instant seen = firstSeen.computeIfAbsent(feed, name -> now);
        Instant lastRound =
                log.lastEnded().or(() -> manifest.map(Manifest::time)).orElse(seen);
        long distilled = distilled(log, manifest, sample);
        return new FeedState(
                feed,
                true,
                sample == null ? 0 : sample.seen(),
                distilled,
                lastRound,
                log.request().orElse(null),
                sample == null ? Map.of() : sample.perClass(),
                log.failures() == 0 ? null : lastRound.plus(pause(log.failures())));
    }

    /** Images the feed had had when its last round began; counts of another incarnation do not compare. */
    private static long distilled(RoundLog log, Optional<Manifest> manifest, @Nullable FeedSample sample) {
        Optional<ResetRecord> reset = Optional.ofNullable(sample).flatMap(FeedSample::reset);
        String incarnation = reset.map(ResetRecord::incarnation).orElse("");
        long published = manifest.filter(found -> found.descent().incarnation().equals(incarnation))
                .map(found -> found.in().images())
                .orElse(0L);
        boolean comparable = reset.isEmpty()
                || log.lastEnded()
                        .filter(end -> end.isAfter(reset.get().time()))
                        .isPresent();
        return Math.max(published, comparable ? log.imagesAtLastRound() : 0);
    }

    private Optional<Manifest> newest(String feed) {
        Standing standing = generations.standing(feed);
        standing.current()
                .map(number -> standing.manifests().get(number))
                .map(FeedStatus.Published::manifest)
                .ifPresent(manifest -> current.put(feed, manifest));
        List<Manifest> manifests = standing.live();
        return manifests.isEmpty() ? Optional.empty() : Optional.of(manifests.get(manifests.size() - 1));
    }

    private Duration pause(int failures) {
        return backoff.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
    }
}
