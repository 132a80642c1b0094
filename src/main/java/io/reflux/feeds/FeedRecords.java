package io.reflux.feeds;

import io.reflux.wire.KeptImage;
import io.reflux.wire.Key;
import io.reflux.wire.Manifest;
import io.reflux.wire.Pin;
import io.reflux.wire.Pointer;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.SettingsRecord;
import io.reflux.wire.TopicNames;
import io.reflux.wire.WireException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the records of the three topics that tell of feeds into the feeds' states; skips what it cannot read. */
public final class FeedRecords {
    private static final Logger LOG = Logger.getLogger(FeedRecords.class);
    private final TopicNames topics;
    private final Function<String, FeedStatus> feeds;
    private final Set<String> told = new HashSet<>();

    /** @param feeds the state of a feed, by name */
    FeedRecords(TopicNames topics, Function<String, FeedStatus> feeds) {
        this.topics = topics;
        this.feeds = feeds;
    }

    /** Takes all of these, and names the feeds that they tell of. */
    Set<String> take(Iterable<ConsumerRecord<String, byte @Nullable []>> entries) {
        told.clear();
        entries.forEach(this::take);
        return Set.copyOf(told);
    }

    private FeedStatus feed(String name) {
        told.add(name);
        return feeds.apply(name);
    }

    void take(ConsumerRecord<String, byte @Nullable []> entry) {
        try {
            if (entry.topic().equals(topics.rounds())) {
                round(entry);
            } else if (entry.key() != null && entry.topic().equals(topics.distilled())) {
                distilled(Key.parse(entry.key()), entry.value());
            } else if (entry.key() != null) {
                reservoir(entry.key(), entry.offset(), entry.value());
            }
        } catch (WireException | IllegalArgumentException e) {
            LOG.debugf("%s-%d@%d is skipped: %s", entry.topic(), entry.partition(), entry.offset(), e.getMessage());
        }
    }

    /** The event in a record, or null when it is none; a record nobody can read stops nothing. */
    public static @Nullable RoundEvent event(ConsumerRecord<String, byte @Nullable []> entry) {
        byte[] value = entry.value();
        if (value == null) {
            return null;
        }
        try {
            return RoundEvent.fromBytes(value);
        } catch (WireException e) {
            LOG.warnf("%s-%d@%d is skipped: %s", entry.topic(), entry.partition(), entry.offset(), e.getMessage());
            return null;
        }
    }

    private void round(ConsumerRecord<String, byte @Nullable []> entry) {
        RoundEvent event = event(entry);
        if (entry.value() == null && entry.key() != null) {
            feed(Key.parse(entry.key()).part(0)).forgetRounds();
        } else if (event != null) {
            feed(event.feed()).take(event);
        }
    }

    private void distilled(Key key, byte @Nullable [] value) throws WireException {
        FeedStatus feed = feed(key.part(0));
        if (key.size() == 1) {
            feed.take(value == null ? null : Pointer.fromBytes(value));
        } else if (key.size() == 2) {
            feed.take(
                    Long.parseLong(key.part(1)),
                    value == null ? null : new FeedStatus.Published(Manifest.fromBytes(value), value));
        } else if (key.size() == 3 && key.part(1).equals(Pin.KIND)) {
            feed.pin(Long.parseLong(key.part(2)), value != null);
        }
    }

    private void reservoir(String text, long offset, byte @Nullable [] value) throws WireException {
        Optional<ReservoirKey> key = ReservoirKey.parse(text);
        if (key.isEmpty()) {
            return;
        }
        FeedStatus feed = feed(key.get().feed());
        if (key.get() instanceof ReservoirKey.OfImage image) {
            if (value == null) {
                feed.drop(image);
            } else {
                feed.keep(image, offset, KeptImage.timestamp(image, value));
            }
        } else if (value != null) {
            ReservoirRecord read = ReservoirRecord.parse(key.get(), value);
            if (read instanceof ProgressRecord progress) {
                feed.take(progress);
            } else if (read instanceof SettingsRecord settings) {
                feed.take(settings);
            } else if (read instanceof ResetRecord reset) {
                feed.take(reset);
            }
        }
    }
}
