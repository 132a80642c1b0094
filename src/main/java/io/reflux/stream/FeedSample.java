package io.reflux.stream;

import io.reflux.image.DecodedImage;
import io.reflux.image.ImageShape;
import io.reflux.nn.Normalisation;
import io.reflux.sample.Candidate;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.sample.Plan;
import io.reflux.sample.Reservoir;
import io.reflux.sample.Snapshot;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.Scale;
import io.reflux.wire.SettingsRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sample of one feed, as its owner has merged it. Safe for use by several threads. */
public final class FeedSample {
    /** A class without an image for this many half-lives of the feed's newest is retired. */
    private static final int RETIREMENT_HALF_LIVES = 16;

    private final FeedSettings settings;
    private final int partition;
    private final Consumer<SettingsRecord> settle;
    private final Map<Integer, ProgressRecord> progress = new TreeMap<>();
    private final Set<ReservoirKey.OfImage> names = new HashSet<>();
    private Reservoir<DecodedImage> reservoir;
    private @Nullable SettingsRecord settled;

    /** @param settle writes a settings record to the topic; called by whichever thread settles something */
    FeedSample(FeedSettings settings, int partition, Consumer<SettingsRecord> settle) {
        this.settings = settings;
        this.partition = partition;
        this.settle = settle;
        this.reservoir = Reservoir.empty(settings.limits());
    }

    public String feed() {
        return settings.feed();
    }

    /** What is configured for the feed. */
    public FeedSettings settings() {
        return settings;
    }

    /** The partition of the reservoir topic the feed lives in. */
    public int partition() {
        return partition;
    }

    /** Images taken since the feed began, kept or not. */
    public synchronized long seen() {
        return sum(ProgressRecord::images);
    }

    /** Bytes of their record values. */
    public synchronized long bytesSeen() {
        return sum(ProgressRecord::bytes);
    }

    /** Dead-lettered records by reason. */
    public synchronized Map<String, Long> rejects() {
        Map<String, Long> rejects = new TreeMap<>();
        progress.values()
                .forEach(part -> part.rejects().forEach((reason, count) -> rejects.merge(reason, count, Long::sum)));
        return rejects;
    }

    /** Images kept of each class, held-out ones included. */
    public synchronized Map<String, Integer> perClass() {
        return reservoir.classes().stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        label -> reservoir.count(label, false) + reservoir.count(label, true),
                        Integer::sum,
                        TreeMap::new));
    }

    /** Offsets reached in the images topic, by its partitions. */
    public synchronized Map<Integer, Long> offsets() {
        return progress.values().stream()
                .collect(Collectors.toMap(part -> part.key().partition(), ProgressRecord::offset));
    }

    /** What is settled for the feed. */
    public synchronized Optional<SettingsRecord> settled() {
        return Optional.ofNullable(settled);
    }

    /**
     * The sample at this moment; empty while there is no image to learn from. The first one settles the feed's shape
     * where none is declared: the commonest of the kept images.
     */
    public synchronized Optional<SampleSnapshot> snapshot() {
        Duration retirement = settings.halfLife()
                .map(halfLife -> halfLife.multipliedBy(RETIREMENT_HALF_LIVES))
                .orElse(null);
        Snapshot<DecodedImage> all = reservoir.snapshot(settings.holdOutRule(), retirement);
        return shapeOf(all).map(shape -> {
            SnapshotImages images = SnapshotImages.of(all, shape);
            settleAs(shape, images.classes(), normalisation());
            return new SampleSnapshot(
                    settings,
                    shape,
                    images.classes(),
                    images.sample(),
                    images.heldOut(),
                    images.otherShapes(),
                    normalisation(),
                    offsets(),
                    seen(),
                    bytesSeen());
        });
    }

    /** Fixes the normalisation of the feed's rounds from now on. */
    public synchronized void settle(Normalisation normalisation) {
        if (settled == null || settled.shape() == null) {
            throw new IllegalStateException("feed '" + feed() + "' has no shape settled yet; take a snapshot first");
        }
        settleAs(settled.shape(), settled.classes(), Optional.of(Scale.of(normalisation)));
    }

    /** Offers images; returns those that are not in the sample now, because they fell out or never came in. */
    synchronized Set<ReservoirKey.OfImage> merge(Collection<KeptImage> images) {
        Plan<DecodedImage> plan = reservoir.plan(images.stream()
                .filter(image -> settings.admits(image.label()))
                .map(this::candidate)
                .toList());
        reservoir = reservoir.apply(plan);
        Set<ReservoirKey.OfImage> gone = plan.evicted().stream().map(this::name).collect(Collectors.toSet());
        plan.admitted().forEach(candidate -> names.add(name(candidate)));
        names.removeAll(gone);
        images.stream().map(KeptImage::key).filter(key -> !names.contains(key)).forEach(gone::add);
        return gone;
    }

    /** The record keys of all that is kept. */
    synchronized Set<String> keptKeys() {
        return names.stream().map(name -> name.key().text()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Takes counts over; returns those known already when they reach further. */
    synchronized Optional<ProgressRecord> advance(ProgressRecord record) {
        ProgressRecord known = progress.get(record.key().partition());
        if (known != null && known.offset() > record.offset()) {
            return Optional.of(known);
        }
        progress.put(record.key().partition(), record);
        return Optional.empty();
    }

    synchronized void settled(SettingsRecord record) {
        settled = record;
    }

    /** The image as the present settings see it; the epoch says whether that is how it was written. */
    private Candidate<DecodedImage> candidate(KeptImage image) {
        Identity identity = image.identity();
        boolean same = image.epoch().equals(settings.epoch());
        long contentHash = HoldOut.contentHash(image.pixels());
        return new Candidate<>(
                image.label(),
                identity,
                same ? image.priority() : settings.priority(identity, image.timestamp()),
                image.timestamp(),
                contentHash,
                same ? image.heldOut() : settings.holdOutRule().holds(contentHash),
                new DecodedImage(image.shape(), image.pixels()));
    }

    private ReservoirKey.OfImage name(Candidate<DecodedImage> candidate) {
        return new ReservoirKey.OfImage(feed(), candidate.label(), candidate.identity());
    }

    private Optional<ImageShape> shapeOf(Snapshot<DecodedImage> all) {
        if (all.train().isEmpty()) {
            return Optional.empty();
        }
        Optional<ImageShape> fixed =
                settings.shape().or(() -> Optional.ofNullable(settled).map(SettingsRecord::shape));
        return fixed.or(() -> Optional.of(SnapshotImages.commonestShape(all))).filter(shape -> all.train().stream()
                .anyMatch(candidate -> candidate.payload().shape().equals(shape)));
    }

    private Optional<Scale> normalisation() {
        return Optional.ofNullable(settled).map(SettingsRecord::normalisation);
    }

    private void settleAs(ImageShape shape, List<String> classes, Optional<Scale> normalisation) {
        SettingsRecord next = new SettingsRecord(
                new ReservoirKey.OfSettings(feed()),
                settings.epoch(),
                shape,
                classes,
                normalisation.orElse(null),
                settings.perClass(),
                settings.halfLife().map(Duration::toMillis).orElse(0L),
                settings.holdOut());
        if (settled == null || !Arrays.equals(settled.value(), next.value())) {
            settled = next;
            settle.accept(next);
        }
    }

    private long sum(ToLongFunction<ProgressRecord> part) {
        return progress.values().stream().mapToLong(part).sum();
    }
}
