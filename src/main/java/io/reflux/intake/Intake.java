package io.reflux.intake;

import io.reflux.config.FeedSettings;
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
    private final Map<String, FeedIntake> feeds = new HashMap<>();
    private final Set<String> sampled = new HashSet<>();
    private int counted;

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
        FeedIntake feed = feed(record.key().feed());
        if (record instanceof ProgressRecord progress) {
            counted(feed).tally(progress.key().partition()).advance(progress, feed.incarnation());
        } else if (record instanceof ErasureRecord erasure) {
            feed.erase(erasure);
        } else if (record instanceof ResetRecord reset) {
            restart(feed, reset);
        } else if (record instanceof KeptImage image) {
            if (image.epoch().equals(feed.settings().epoch())
                    && image.incarnation().equals(feed.incarnation())
                    && !feed.isErased(image.identity(), image.device(), image.timestamp())) {
                sampled.add(feed.feed());
                feed.filter().add(image.label(), image.heldOut(), image.priority());
            }
        } else if (record instanceof SettingsRecord) {
            counted(feed);
        }
    }

    /** Takes back an erasure. */
    void lift(ReservoirKey.OfErasure erasure) {
        feed(erasure.feed()).lift(erasure);
    }

    private void restart(FeedIntake feed, ResetRecord reset) {
        feed.restart(reset);
        if (!feed.isSampled()) {
            sampled.remove(feed.feed());
        }
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
        touched.forEach(tally -> {
            harvest.progress().add(tally.record());
            tally.drain(harvest);
        });
        return harvest;
    }

    /** Unpacks side by side and then decides in order. No more than a portion is unpacked at a time, so memory is bounded. */
    private void take(List<ReceivedImage> portion, Harvest harvest, Set<Tally> touched) {
        List<ReceivedImage> fresh = new ArrayList<>(portion.size());
        for (ReceivedImage received : portion) {
            FeedIntake account = account(received.feed());
            received.count(account.tally(received.record().partition()));
            if (!received.isCounted()) {
                if (received.isReadable()) {
                    received.settle(account.feed().equals(received.feed()) ? account : outsider(received.feed()));
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
        try {
            ImageRecord image = received.image();
            Verdict verdict = judge(
                    image,
                    received.pixels(),
                    received.intake(),
                    received.record().key());
            if (verdict.kept() != null) {
                harvest.keep(verdict.kept(), received.record().headers());
            }
            tally.image(image.at().offset(), image.bytes().length, verdict.outcome());
        } catch (Rejection rejection) {
            tally.reject(received.record().offset(), rejection.reason());
            harvest.deadLetters().add(new RejectedRecord(received.record(), rejection));
        }
    }

    private Verdict judge(ImageRecord record, DecodedImage image, FeedIntake own, byte @Nullable [] key)
            throws Rejection {
        FeedIntake feed = sampled(own);
        Filter filter = feed.filter();
        Identity identity = judge.identity(record);
        long time = record.time(skewMillis);
        if (feed.hasErasures() && feed.isErased(identity, device(key), time)) {
            return Verdict.ERASED;
        }
        double priority = feed.settings().priority(identity, time);
        if (!filter.mayBeKept(record.label(), priority)) {
            return filter.isBeyondClasses(record.label(), priority) ? Verdict.CLASS_LIMIT : Verdict.PASSED;
        }
        boolean heldOut = feed.settings().holdOutRule().holds(HoldOut.contentHash(image.pixels()));
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
                feed.settings().epoch(),
                device(key),
                feed.incarnation());
        return new Verdict(kept, "kept");
    }

    /** The feed, if its images may come to a sample. */
    private FeedIntake sampled(FeedIntake feed) throws Rejection {
        if (feed.isSampled()) {
            return feed;
        }
        if (!sampled.contains(feed.feed()) && sampled.size() >= feedLimit) {
            throw new Rejection(
                    Rejection.Reason.FEED_LIMIT,
                    "the feed '" + feed.feed() + "' is one more than the " + feedLimit
                            + " that reflux.limits.feeds allows");
        }
        sampled.add(feed.feed());
        FeedIntake known = feeds.putIfAbsent(feed.feed(), feed);
        return known == null ? feed : known;
    }

    /** The feed a record counts under: its own, or the default one when too many names have been seen. */
    private FeedIntake account(String name) {
        FeedIntake known = feeds.get(name);
        if (known != null && known.isCounted()) {
            return known;
        }
        return counted(feed(counted < 2 * feedLimit ? name : ImageHeaders.DEFAULT_FEED));
    }

    private FeedIntake counted(FeedIntake feed) {
        if (!feed.isCounted()) {
            feed.count();
            counted++;
        }
        return feed;
    }

    private FeedIntake feed(String name) {
        return feeds.computeIfAbsent(name, unseen -> new FeedIntake(settings.apply(name)));
    }

    /** A feed whose records count under another's name: remembered only if an image of it comes to its sample. */
    private FeedIntake outsider(String name) {
        FeedIntake known = feeds.get(name);
        return known != null ? known : new FeedIntake(settings.apply(name));
    }

    private static @Nullable Device device(byte @Nullable [] key) {
        return key == null ? null : Device.of(key);
    }
}
