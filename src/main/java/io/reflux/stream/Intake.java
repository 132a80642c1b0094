package io.reflux.stream;

import io.reflux.image.DecodedImage;
import io.reflux.sample.Filter;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.wire.Coordinates;
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
    private final ImageJudge judge;
    private final Function<String, FeedSettings> settings;
    private final int feedLimit;
    private final long skewMillis;
    private final Map<String, FeedSettings> knownSettings = new HashMap<>();
    private final Map<String, Filter> filters = new HashMap<>();
    private final Map<ReservoirKey.OfProgress, Tally> tallies = new HashMap<>();
    private final Set<String> counted = new HashSet<>();

    Intake(ImageJudge judge, Function<String, FeedSettings> settings, int feedLimit, long skewMillis) {
        this.judge = judge;
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
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> record : records) {
            String feed = accountOf(ImageHeaders.feedOf(record.headers()));
            Tally tally = tally(feed, record.partition());
            if (!tally.covers(record.offset())) {
                take(record, feed, tally, harvest);
                touched.add(tally);
            }
        }
        touched.forEach(tally -> harvest.progress().add(tally.record()));
        return harvest;
    }

    private void take(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> record, String feed, Tally tally, Harvest harvest) {
        try {
            ImageRecord image = ImageRecord.parse(record.headers(), record.value(), coordinates(record));
            Optional<KeptImage> kept = judge(image);
            kept.ifPresent(harvest.kept()::add);
            tally.image(record.offset(), image.bytes().length);
            harvest.count(feed, kept.isPresent() ? "kept" : "passed");
        } catch (Rejection rejection) {
            tally.reject(record.offset(), rejection.reason());
            harvest.deadLetters().add(new RejectedRecord(record, rejection));
            harvest.count(feed, rejection.reason().text());
        }
    }

    private Optional<KeptImage> judge(ImageRecord record) throws Rejection {
        FeedSettings feed = settingsOf(record.feed());
        DecodedImage image = judge.decode(record, feed);
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
        return tallies.computeIfAbsent(new ReservoirKey.OfProgress(feed, partition), Tally::new);
    }

    private FeedSettings settingsOf(String feed) {
        return knownSettings.size() < 2 * feedLimit
                ? knownSettings.computeIfAbsent(feed, settings)
                : Optional.ofNullable(knownSettings.get(feed)).orElseGet(() -> settings.apply(feed));
    }

    private Filter filter(FeedSettings feed) {
        return filters.computeIfAbsent(feed.feed(), unseen -> new Filter(feed.limits()));
    }

    private static Coordinates coordinates(ConsumerRecord<?, ?> record) {
        return new Coordinates(record.topic(), record.partition(), record.offset(), Math.max(0, record.timestamp()));
    }
}
