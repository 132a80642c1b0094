package io.reflux.reservoir;

import io.reflux.wire.ErasureRecord;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.SettingsRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A partition of the reservoir topic while this process owns it; written by the owner's thread alone.
 *
 * <p>Images of one poll are offered together; whatever takes images out of a feed comes in its place between them, so
 * that the samples are a function of the topic's order and not of the size of polls.
 */
final class OwnedPartition {
    private final Function<String, FeedSample> newFeed;
    private final long end;
    private final Map<String, FeedSample> feeds = new ConcurrentHashMap<>();
    private final Map<String, Map<ReservoirKey.OfImage, KeptImage>> offered = new HashMap<>();
    private final Map<ReservoirKey.OfImage, String> gone = new HashMap<>();
    private final Map<ReservoirKey.OfImage, KeptImage> wronglyBuried = new HashMap<>();
    private final Map<ReservoirKey.OfProgress, ProgressRecord> undone = new HashMap<>();
    private volatile boolean restored;

    /**
     * @param end offset the partition had when it was assigned
     * @param newFeed makes the sample of a feed not seen before
     */
    OwnedPartition(long end, Function<String, FeedSample> newFeed) {
        this.end = end;
        this.newFeed = newFeed;
    }

    /** Takes a record in; images count from the next {@link #settle()} on. */
    void read(ReservoirRecord record) {
        FeedSample feed = feed(record.key().feed());
        if (record instanceof KeptImage image) {
            offered.computeIfAbsent(image.feed(), unseen -> new HashMap<>()).put(image.key(), image);
        } else if (record instanceof ProgressRecord progress) {
            feed.advance(progress)
                    .ifPresentOrElse(
                            further -> undone.put(further.key(), further), () -> undone.remove(progress.key()));
        } else if (record instanceof SettingsRecord settings) {
            feed.settled(settings);
        } else if (record instanceof ErasureRecord erasure) {
            settle(feed);
            gone.putAll(feed.erase(erasure));
        } else if (record instanceof ResetRecord reset) {
            settle(feed);
            gone.putAll(feed.restart(reset));
            undone.keySet().removeIf(key -> key.feed().equals(reset.key().feed()));
        }
    }

    /**
     * An image the topic has a tombstone of.
     *
     * @param incarnation of the record that the tombstone is meant for
     */
    void buried(ReservoirKey.OfImage image, String incarnation) {
        FeedSample feed = feeds.get(image.feed());
        if (feed == null) {
            return;
        }
        if (offered.getOrDefault(image.feed(), Map.of()).containsKey(image)) {
            settle(feed);
        }
        gone.remove(image);
        feed.buried(image, incarnation).ifPresent(lost -> wronglyBuried.put(image, lost));
    }

    /** An erasure the topic has a tombstone of. */
    void lifted(ReservoirKey.OfErasure erasure) {
        FeedSample feed = feed(erasure.feed());
        settle(feed);
        feed.lift(erasure);
    }

    /** Offers the images that have been read. */
    void settle() {
        List.copyOf(offered.keySet()).forEach(feed -> settle(feed(feed)));
    }

    private void settle(FeedSample feed) {
        Map<ReservoirKey.OfImage, KeptImage> images = offered.remove(feed.feed());
        if (images != null) {
            gone.putAll(feed.merge(new ArrayList<>(images.values())));
        }
    }

    private FeedSample feed(String name) {
        return feeds.computeIfAbsent(name, newFeed);
    }

    /** True once, when reading has reached the end that was seen at the start. */
    boolean completes(long position) {
        boolean completed = !restored && position >= end;
        restored |= completed;
        return completed;
    }

    boolean isRestored() {
        return restored;
    }

    /**
     * What fell out and needs a tombstone, with the incarnation that its record was of; nothing before all is restored,
     * for until then the sample is not whole.
     */
    Map<ReservoirKey.OfImage, String> takeGone() {
        gone.keySet().removeIf(image -> feed(image.feed()).holds(image));
        return taken(gone);
    }

    /** Images of the sample whose record a late tombstone has buried; nothing before all is restored. */
    Collection<KeptImage> takeWronglyBuried() {
        wronglyBuried.keySet().removeIf(image -> !feed(image.feed()).holds(image));
        return taken(wronglyBuried).values();
    }

    private <K, T> Map<K, T> taken(Map<K, T> waiting) {
        if (!restored || waiting.isEmpty()) {
            return Map.of();
        }
        Map<K, T> taken = Map.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    /**
     * Counts that a process which had lost its images partition overwrote with older ones, once it woke up. They have to
     * be written again, or compaction would keep the older ones.
     */
    Collection<ProgressRecord> takeUndone() {
        return taken(undone).values();
    }

    Collection<FeedSample> feeds() {
        return feeds.values();
    }
}
