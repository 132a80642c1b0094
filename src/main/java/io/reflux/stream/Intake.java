package io.reflux.stream;

import io.reflux.image.DecodedImage;
import io.reflux.sample.Filter;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.Rejection;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.SettingsRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of each image record: kept, because it may be in the sample; passed, because it cannot be;
 * rejected. Counts all three exactly once however often a record comes. Sends nothing itself and is not safe for use by
 * several threads at once.
 *
 * <p>The counts of a feed in a partition are a pure function of the offset they have reached: a record below it is
 * skipped, whoever counted it. So the counts read back from the reservoir topic are the right ones to go on from.
 */
final class Intake {
    /** Images unpacked at a time. */
    private static final int PORTION = 256;

    private final ImageJudge judge;
    private final Unpacking unpacking;
    private final Function<String, FeedSettings> settings;
    private final int feedLimit;
    private final long skewMillis;
    private final Map<String, FeedSettings> knownSettings = new HashMap<>();
    private final Map<String, Filter> filters = new HashMap<>();
    private final Map<String, Map<Integer, Tally>> tallies = new HashMap<>();
    private final Set<String> counted = new HashSet<>();
    private final Map<String, Erasures> erasures = new HashMap<>();
    private final Map<String, ResetRecord> resets = new HashMap<>();

    /** What becomes of an image. */
    private record Verdict(@Nullable KeptImage kept, String outcome) {
        static final Verdict PASSED = new Verdict(null, "passed");
        static final Verdict ERASED = new Verdict(null, "erased");
        static final Verdict CLASS_LIMIT = new Verdict(null, "class-limit");
    }

    /** @param unpacking shares images that take long to unpack among threads */
    Intake(
            ImageJudge judge,
            Unpacking unpacking,
            Function<String, FeedSettings> settings,
            int feedLimit,
            long skewMillis) {
        this.judge = judge;
        this.unpacking = unpacking;
        this.settings = settings;
        this.feedLimit = feedLimit;
        this.skewMillis = skewMillis;
    }

    /** Takes over what the reservoir topic holds: counts, what is kept already, and what is to be forgotten. */
    void restore(ReservoirRecord record) {
        if (record instanceof ProgressRecord progress) {
            String feed = progress.key().feed();
            tally(feed, progress.key().partition()).advance(progress, incarnation(feed));
        } else if (record instanceof ErasureRecord erasure) {
            erase(erasure);
        } else if (record instanceof ResetRecord reset) {
            restart(reset);
        } else if (record instanceof KeptImage image) {
            FeedSettings feed = settingsOf(image.feed());
            if (image.epoch().equals(feed.epoch())
                    && image.incarnation().equals(incarnation(image.feed()))
                    && !isErased(image.feed(), image.identity(), image.device(), image.timestamp())) {
                filter(feed).add(image.label(), image.heldOut(), image.priority());
            }
        } else if (record instanceof SettingsRecord settled) {
            counted.add(settled.key().feed());
        }
    }

    /** Takes back an erasure. */
    void lift(ReservoirKey.OfErasure erasure) {
        Erasures known = erasures.get(erasure.feed());
        if (known != null) {
            known.lift(erasure);
        }
    }

    private void erase(ErasureRecord erasure) {
        String feed = erasure.key().feed();
        if (erasures.computeIfAbsent(feed, unseen -> new Erasures()).add(erasure)) {
            cool(feed);
        }
    }

    /** The filter counts places as taken that are free now; a cold one only lets more pass. The feed keeps its own. */
    private void cool(String feed) {
        filters.computeIfPresent(
                feed, (name, warm) -> new Filter(settingsOf(name).limits()));
    }

    private void restart(ResetRecord reset) {
        String feed = reset.key().feed();
        if (!reset.incarnation().equals(incarnation(feed))) {
            resets.put(feed, reset);
            if (reset.deleted()) {
                filters.remove(feed);
            } else {
                cool(feed);
            }
            tallies.getOrDefault(feed, Map.of()).values().forEach(tally -> tally.restart(reset));
        }
    }

    private String incarnation(String feed) {
        ResetRecord reset = resets.get(feed);
        return reset == null ? "" : reset.incarnation();
    }

    private boolean isErased(String feed, Identity identity, @Nullable Device device, long time) {
        Erasures known = erasures.get(feed);
        return known != null && known.cover(identity, device, time);
    }

    /** Decides about these records, in the order of each partition. */
    Harvest take(Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
        Harvest harvest = new Harvest();
        Set<Tally> touched = new LinkedHashSet<>();
        List<ReceivedImage> portion = new ArrayList<>(PORTION);
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : records) {
            portion.add(new ReceivedImage(record));
            if (portion.size() == PORTION) {
                take(portion, harvest, touched);
                portion.clear();
            }
        }
        take(portion, harvest, touched);
        touched.forEach(tally -> harvest.progress().add(tally.record()));
        return harvest;
    }

    /** Unpacks side by side and then decides in order. No more than a portion is unpacked at a time, so memory is bounded. */
    private void take(List<ReceivedImage> portion, Harvest harvest, Set<Tally> touched) {
        List<ReceivedImage> fresh = new ArrayList<>(portion.size());
        for (ReceivedImage received : portion) {
            received.count(tally(accountOf(received.feed()), received.record().partition()));
            if (!received.isCounted()) {
                if (received.isReadable()) {
                    received.settle(settingsOf(received.feed()));
                }
                fresh.add(received);
            }
        }
        unpacking.all(fresh, received -> received.unpack(judge));
        for (ReceivedImage received : fresh) {
            // a record may stand twice in what is taken at once
            if (!received.isCounted()) {
                decide(received, harvest);
                touched.add(received.tally());
            }
        }
    }

    private void decide(ReceivedImage received, Harvest harvest) {
        Tally tally = received.tally();
        String feed = tally.feed();
        try {
            ImageRecord image = received.image();
            Verdict verdict = judge(
                    image,
                    received.pixels(),
                    received.settings(),
                    received.record().key());
            if (verdict.kept() != null) {
                harvest.keep(verdict.kept(), received.record().headers());
            }
            tally.image(image.at().offset(), image.bytes().length);
            harvest.count(feed, verdict.outcome(), image.bytes().length);
        } catch (Rejection rejection) {
            tally.reject(received.record().offset(), rejection.reason());
            harvest.reject(feed, new RejectedRecord(received.record(), rejection));
        }
    }

    private Verdict judge(ImageRecord record, DecodedImage image, FeedSettings feed, byte @Nullable [] key)
            throws Rejection {
        if (!filters.containsKey(feed.feed()) && filters.size() >= feedLimit) {
            throw new Rejection(
                    Rejection.Reason.FEED_LIMIT,
                    "the feed '" + feed.feed() + "' is one more than the " + feedLimit
                            + " that reflux.limits.feeds allows");
        }
        Filter filter = filter(feed);
        Identity identity = judge.identity(record);
        long time = record.time(skewMillis);
        if (erasures.containsKey(feed.feed()) && isErased(feed.feed(), identity, device(key), time)) {
            return Verdict.ERASED;
        }
        double priority = feed.priority(identity, time);
        if (!filter.mayBeKept(record.label(), priority)) {
            return filter.isBeyondClasses(record.label(), priority) ? Verdict.CLASS_LIMIT : Verdict.PASSED;
        }
        boolean heldOut = feed.holdOutRule().holds(HoldOut.contentHash(image.pixels()));
        if (!filter.mayBeKept(record.label(), heldOut, priority)) {
            return Verdict.PASSED;
        }
        filter.add(record.label(), heldOut, priority);
        KeptImage kept = new KeptImage(
                new ReservoirKey.OfImage(feed.feed(), record.label(), identity),
                image.shape(),
                image.pixels(),
                priority,
                time,
                heldOut,
                feed.epoch(),
                device(key),
                incarnation(feed.feed()));
        return new Verdict(kept, "kept");
    }

    /** The feed a record counts under: its own, or the default one when too many names have been seen. */
    private String accountOf(String feed) {
        if (counted.contains(feed) || counted.size() < 2 * feedLimit) {
            counted.add(feed);
            return feed;
        }
        return ImageHeaders.DEFAULT_FEED;
    }

    private Tally tally(String feed, int partition) {
        counted.add(feed);
        return tallies.computeIfAbsent(feed, unseen -> new HashMap<>())
                .computeIfAbsent(
                        partition, unseen -> new Tally(new ReservoirKey.OfProgress(feed, partition), resets.get(feed)));
    }

    private FeedSettings settingsOf(String feed) {
        return knownSettings.size() < 2 * feedLimit
                ? knownSettings.computeIfAbsent(feed, settings)
                : Optional.ofNullable(knownSettings.get(feed)).orElseGet(() -> settings.apply(feed));
    }

    private Filter filter(FeedSettings feed) {
        return filters.computeIfAbsent(feed.feed(), unseen -> new Filter(feed.limits()));
    }

    private static @Nullable Device device(byte @Nullable [] key) {
        return key == null ? null : Device.of(key);
    }
}
