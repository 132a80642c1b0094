package io.reflux.stream;

import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.SettingsRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A partition of the reservoir topic while this process owns it; written by the owner's thread alone. */
final class OwnedPartition {
    private final Function<String, FeedSample> newFeed;
    private final long end;
    private final Map<String, FeedSample> feeds = new ConcurrentHashMap<>();
    private final Set<ReservoirKey.OfImage> gone = new HashSet<>();
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

    /** Takes records in, in the order of the topic. */
    void read(List<ReservoirRecord> records) {
        Map<String, List<KeptImage>> images = new TreeMap<>();
        for (ReservoirRecord record : records) {
            FeedSample feed = feeds.computeIfAbsent(record.key().feed(), newFeed);
            if (record instanceof KeptImage image) {
                images.computeIfAbsent(image.feed(), unseen -> new ArrayList<>())
                        .add(image);
            } else if (record instanceof ProgressRecord progress) {
                feed.advance(progress)
                        .ifPresentOrElse(
                                further -> undone.put(further.key(), further), () -> undone.remove(progress.key()));
            } else if (record instanceof SettingsRecord settings) {
                feed.settled(settings);
            }
        }
        images.forEach(
                (feed, kept) -> gone.addAll(feeds.computeIfAbsent(feed, newFeed).merge(kept)));
    }

    /** An image the topic already has a tombstone of. */
    void buried(ReservoirKey.OfImage image) {
        gone.remove(image);
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

    /** What fell out and needs a tombstone; nothing before all is restored, for until then the sample is not whole. */
    Set<ReservoirKey.OfImage> takeGone() {
        if (!restored || gone.isEmpty()) {
            return Set.of();
        }
        Set<ReservoirKey.OfImage> taken = Set.copyOf(gone);
        gone.clear();
        return taken;
    }

    /**
     * Counts that a process which had lost its images partition overwrote with older ones, once it woke up. They have to
     * be written again, or compaction would keep the older ones.
     */
    Collection<ProgressRecord> takeUndone() {
        if (!restored || undone.isEmpty()) {
            return List.of();
        }
        List<ProgressRecord> taken = List.copyOf(undone.values());
        undone.clear();
        return taken;
    }

    Collection<FeedSample> feeds() {
        return feeds.values();
    }
}
