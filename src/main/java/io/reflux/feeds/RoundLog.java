package io.reflux.feeds;

import io.reflux.feeds.RoundTicket.Trigger;
import io.reflux.wire.RoundEvent;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the events of one feed amount to. A request stays open until its round ends, whoever begins it, so that no crash
 * loses it; taking an event of a round that has ended changes nothing, so that an owner may take its own events before
 * they come back from the topic.
 */
public final class RoundLog {
    private static final int REMEMBERED = 256;
    private final Map<String, RoundTicket> open = new LinkedHashMap<>();
    private final Set<String> cancels = new HashSet<>();
    private final Set<String> ended = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });
    private final Map<String, RoundEvent> orders = new LinkedHashMap<>();
    private @Nullable RoundEvent started;
    private @Nullable RoundEvent current;
    private @Nullable RoundEvent latest;
    private @Nullable RoundEvent lastEnd;
    private long images;
    private int failures;

    /** Takes the next event. */
    public synchronized void take(RoundEvent event) {
        if (ended.contains(event.round())) {
            return;
        }
        if (event.type().asksOfGeneration()) {
            orders.put(event.round(), event);
            return;
        }
        if (event.type().answers()) {
            ended.add(event.round());
            orders.remove(event.round());
            return;
        }
        latest = event;
        switch (event.type()) {
            case REQUESTED ->
                open.put(event.round(), new RoundTicket(event.feed(), event.round(), Trigger.REQUEST, event.time()));
            case CANCEL_REQUESTED -> cancels.add(event.round());
            case STARTED -> {
                started = event;
                current = event;
            }
            case PROGRESS -> current = event;
            case FINISHED, REFUSED, CANCELLED, FAILED -> end(event);
            case PIN_REQUESTED, UNPIN_REQUESTED, ROLLBACK_REQUESTED, PINNED, UNPINNED, ROLLED_BACK, DECLINED ->
                throw new IllegalStateException(event.type() + " is of no round");
        }
    }

    /** Forgets every event so far: those of a deleted feed. */
    public synchronized void clear() {
        open.clear();
        cancels.clear();
        ended.clear();
        orders.clear();
        started = null;
        current = null;
        latest = null;
        lastEnd = null;
        images = 0;
        failures = 0;
    }

    /** What has been asked of generations and not been answered, oldest first. */
    public synchronized List<RoundEvent> orders() {
        return List.copyOf(orders.values());
    }

    private void end(RoundEvent event) {
        current = null;
        if (Boolean.TRUE.equals(event.detail().resumes())) {
            return;
        }
        lastEnd = event;
        ended.add(event.round());
        cancels.remove(event.round());
        open.remove(event.round());
        if (event.type() == RoundEvent.Type.FAILED) {
            // The images it was to distil are still to be distilled.
            failures++;
            return;
        }
        failures = 0;
        if (started != null
                && started.round().equals(event.round())
                && started.detail().images() != null) {
            images = started.detail().images();
        }
    }

    /** The oldest request whose round has not ended. */
    public synchronized Optional<RoundTicket> request() {
        return open.values().stream().findFirst();
    }

    /** Whether somebody asked to stop this round. */
    public synchronized boolean cancelRequested(String round) {
        return cancels.contains(round);
    }

    /** The last {@code started} or {@code progress} event of a round that has not ended. */
    public synchronized Optional<RoundEvent> current() {
        return Optional.ofNullable(current);
    }

    /** The last event of all. */
    public synchronized Optional<RoundEvent> latest() {
        return Optional.ofNullable(latest);
    }

    /** The event that ended the last round. */
    public synchronized Optional<RoundEvent> lastEnd() {
        return Optional.ofNullable(lastEnd);
    }

    /** Images the feed had had when the last round began that ended without failing; 0 when no event says. */
    public synchronized long imagesAtLastRound() {
        return images;
    }

    /** Failed rounds since the last that ended otherwise. */
    public synchronized int failures() {
        return failures;
    }

    /** The time of the last end. */
    public synchronized Optional<Instant> lastEnded() {
        return lastEnd().map(RoundEvent::time);
    }

    /** Whether a request or a round with this id is open. */
    public synchronized boolean knows(String round) {
        return open.containsKey(round) || current != null && current.round().equals(round);
    }
}
