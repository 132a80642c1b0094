package io.reflux.faults;

import io.reflux.config.FeedSettings;
import io.reflux.image.ImageShape;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.sample.Priority;
import io.reflux.wire.Device;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What the reservoir topic has to amount to, computed the plain way from all records of the images topic at once: no
 * state, no order, no filter. Knows only the kinds of records that {@link ImageSource} makes.
 */
final class ExpectedSample {
    private static final Comparator<KeptImage> SMALLEST_FIRST =
            Comparator.comparingDouble(KeptImage::priority).thenComparing(KeptImage::identity);

    /** Counts of one feed in one partition. */
    private static final class Counts {
        private long offset;
        private long images;
        private long bytes;
        private final Map<String, Long> rejects = new TreeMap<>();
    }

    private final String imagesId;
    private final Function<String, FeedSettings> settings;
    private final Map<ReservoirKey.OfProgress, Counts> counts = new HashMap<>();
    private final Map<String, KeptImage> images = new HashMap<>();
    private final Collection<String> rejected = new TreeSet<>();

    /** @param imagesId the identity of the images topic */
    ExpectedSample(
            List<ConsumerRecord<String, byte[]>> records, String imagesId, Function<String, FeedSettings> settings) {
        this.imagesId = imagesId;
        this.settings = settings;
        records.forEach(this::take);
    }

    /** Keys and values of the reservoir topic, without settings. */
    Map<String, byte[]> values() {
        Map<String, byte[]> values = new TreeMap<>();
        kept().forEach(image -> values.put(image.key().key().text(), image.value()));
        counts.forEach((key, count) -> values.put(
                key.key().text(),
                new ProgressRecord(key, count.offset, count.images, count.bytes, count.rejects).value()));
        return values;
    }

    /** Images of a feed over all partitions. */
    long seen(String feed) {
        return of(feed).stream().mapToLong(count -> count.images).sum();
    }

    /** Bytes of a feed over all partitions. */
    long bytes(String feed) {
        return of(feed).stream().mapToLong(count -> count.bytes).sum();
    }

    /** Rejects of a feed over all partitions, by reason. */
    Map<String, Long> rejects(String feed) {
        Map<String, Long> sum = new TreeMap<>();
        of(feed).forEach(count -> count.rejects.forEach((reason, number) -> sum.merge(reason, number, Long::sum)));
        return sum;
    }

    /** Images kept of each class of a feed. */
    Map<String, Integer> perClass(String feed) {
        Map<String, Integer> perClass = new TreeMap<>();
        kept().stream()
                .filter(image -> image.feed().equals(feed))
                .forEach(image -> perClass.merge(image.label(), 1, Integer::sum));
        return perClass;
    }

    /** Where rejected records stand in the images topic and why they are, {@code partition/offset reason}. */
    Collection<String> rejected() {
        return rejected;
    }

    private List<KeptImage> kept() {
        Map<String, List<KeptImage>> strata = new TreeMap<>();
        images.values().forEach(image -> strata.computeIfAbsent(
                        image.feed() + "/" + image.label() + "/" + image.heldOut(), unseen -> new ArrayList<>())
                .add(image));
        List<KeptImage> kept = new ArrayList<>();
        strata.values().forEach(stratum -> {
            FeedSettings feed = settings.apply(stratum.get(0).feed());
            int others = feed.perClass();
            int heldOut =
                    Math.max(feed.holdOutMinimum(), (int) Math.ceil(others * feed.holdOut() / (1 - feed.holdOut())));
            stratum.stream()
                    .sorted(SMALLEST_FIRST)
                    .limit(stratum.get(0).heldOut() ? heldOut : others)
                    .forEach(kept::add);
        });
        return kept;
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        String feed = header(record, "feed");
        Counts count =
                counts.computeIfAbsent(new ReservoirKey.OfProgress(feed, record.partition()), unseen -> new Counts());
        count.offset = Math.max(count.offset, record.offset() + 1);
        String reason = reason(record);
        if (reason != null) {
            count.rejects.merge(reason, 1L, Long::sum);
            rejected.add(record.partition() + "/" + record.offset() + " " + reason);
            return;
        }
        count.images++;
        count.bytes += record.value().length;
        KeptImage image = image(record, settings.apply(feed));
        images.put(image.key().key().text(), image);
    }

    private KeptImage image(ConsumerRecord<String, byte[]> record, FeedSettings feed) {
        String source = header(record, "ce_source");
        String time = header(record, "ce_time");
        Identity identity = source == null
                ? Identity.ofOffset(imagesId, record.partition(), record.offset())
                : Identity.ofEvent(source, header(record, "ce_id"), time);
        long millis = source == null ? record.timestamp() : Instant.parse(time).toEpochMilli();
        return new KeptImage(
                new ReservoirKey.OfImage(feed.feed(), header(record, "label"), identity),
                ImageShape.parse(header(record, "shape")),
                record.value(),
                Priority.of(identity, millis, feed.halfLife().orElse(null)),
                millis,
                new HoldOut(feed.holdOut(), feed.holdOutMinimum()).holds(HoldOut.contentHash(record.value())),
                feed.epoch(),
                record.key() == null ? null : Device.of(record.key()),
                "");
    }

    private Collection<Counts> of(String feed) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().feed().equals(feed))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static String reason(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return "value-null";
        }
        if (record.value().length == 0) {
            return "value-empty";
        }
        if (header(record, "label") == null) {
            return "label-missing";
        }
        return record.value().length == ImageSource.SIDE * ImageSource.SIDE ? null : "shape-invalid";
    }

    static String header(ConsumerRecord<String, byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
