package io.reflux.stream;

import io.reflux.image.DecodedImage;
import io.reflux.sample.Filter;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.Rejection;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
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

    /** Takes over what the reservoir topic holds: counts, and what is kept already. */
    void restore(ReservoirRecord record) {
        if (record instanceof ProgressRecord progress) {
            tally(progress.key().feed(), progress.key().partition()).advance(progress);
        } else if (record instanceof KeptImage image) {
            FeedSettings feed = settingsOf(image.feed());
            if (image.epoch().equals(feed.epoch())) {
                filter(feed).add(image.label(), image.heldOut(), image.priority());
            }
        } else if (record instanceof SettingsRecord settled) {
            counted.add(settled.key().feed());
        }
    }

    /** Decides about these records, in the order of each partition. */
    Harvest take(Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
        Harvest harvest = new Harvest(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashMap<>());
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
            Optional<KeptImage> kept = judge(image, received.pixels(), received.settings());
            kept.ifPresent(harvest.kept()::add);
            tally.image(image.at().offset(), image.bytes().length);
            harvest.count(feed, kept.isPresent() ? "kept" : "passed");
        } catch (Rejection rejection) {
            tally.reject(received.record().offset(), rejection.reason());
            harvest.deadLetters().add(new RejectedRecord(received.record(), rejection));
            harvest.count(feed, rejection.reason().text());
        }
    }

    private Optional<KeptImage> judge(ImageRecord record, DecodedImage image, FeedSettings feed) throws Rejection {
        if (!filters.containsKey(feed.feed()) && filters.size() >= feedLimit) {
            throw new Rejection(
                    Rejection.Reason.FEED_LIMIT,
                    "the feed '" + feed.feed() + "' is one more than the " + feedLimit
                            + " that reflux.limits.feeds allows");
        }
        Filter filter = filter(feed);
        Identity identity = judge.identity(record);
        long time = record.time(skewMillis);
        double priority = feed.priority(identity, time);
        if (!filter.mayBeKept(record.label(), priority)) {
            return Optional.empty();
        }
        boolean heldOut = feed.holdOutRule().holds(HoldOut.contentHash(image.pixels()));
        if (!filter.mayBeKept(record.label(), heldOut, priority)) {
            return Optional.empty();
        }
        filter.add(record.label(), heldOut, priority);
        return Optional.of(new KeptImage(
                new ReservoirKey.OfImage(feed.feed(), record.label(), identity),
                image.shape(),
                image.pixels(),
                priority,
                time,
                heldOut,
                feed.epoch()));
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
                .computeIfAbsent(partition, unseen -> new Tally(new ReservoirKey.OfProgress(feed, partition)));
    }

    private FeedSettings settingsOf(String feed) {
        return knownSettings.size() < 2 * feedLimit
                ? knownSettings.computeIfAbsent(feed, settings)
                : Optional.ofNullable(knownSettings.get(feed)).orElseGet(() -> settings.apply(feed));
    }

    private Filter filter(FeedSettings feed) {
        return filters.computeIfAbsent(feed.feed(), unseen -> new Filter(feed.limits()));
    }
}
