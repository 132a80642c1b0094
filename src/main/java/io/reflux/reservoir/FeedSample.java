package io.reflux.reservoir;

import io.reflux.config.FeedSettings;
import io.reflux.image.DecodedImage;
import io.reflux.image.ImageShape;
import io.reflux.nn.Normalisation;
import io.reflux.sample.Candidate;
import io.reflux.sample.HoldOut;
import io.reflux.sample.Identity;
import io.reflux.sample.Plan;
import io.reflux.sample.Reservoir;
import io.reflux.sample.Snapshot;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Lineage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import io.reflux.wire.Scale;
import io.reflux.wire.SettingsRecord;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sample of one feed, as its owner has merged it. Safe for use by several threads. */
public final class FeedSample {
    /** A class without an image for this many half-lives of the feed's newest is retired. */
    private static final int RETIREMENT_HALF_LIVES = 16;

    private final FeedSettings settings;
    private final String epoch;
    private final int partition;
    private final Consumer<SettingsRecord> settle;
    private final Map<Integer, ProgressRecord> progress = new TreeMap<>();
    private final Map<ReservoirKey.OfImage, Optional<Device>> kept = new HashMap<>();
    private final Erasures erasures = new Erasures();
    private Reservoir<DecodedImage> reservoir;
    private @Nullable SettingsRecord settled;
    private @Nullable ResetRecord reset;

    /** @param settle writes a settings record to the topic; called by whichever thread settles something */
    public FeedSample(FeedSettings settings, int partition, Consumer<SettingsRecord> settle) {
        this.settings = settings;
        this.epoch = settings.epoch();
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

    /** Mean time of the kept images, milliseconds since the epoch; empty without any. */
    public OptionalDouble meanTime() {
        return present().times().average();
    }

    /** Time of the newest kept image, milliseconds since the epoch; empty without any. */
    public OptionalLong newestTime() {
        return present().times().max();
    }

    private synchronized Reservoir<DecodedImage> present() {
        return reservoir;
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

    /** What the feed has been told to forget. */
    public synchronized Lineage lineage() {
        return new Lineage(incarnation(), erasures.digest());
    }

    /** The feed's last beginning anew. */
    public synchronized Optional<ResetRecord> reset() {
        return Optional.ofNullable(reset);
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
            settleAs(shape, images.classes(), normalisation(shape));
            return new SampleSnapshot(
                    settings,
                    shape,
                    images.classes(),
                    images.sample(),
                    images.heldOut(),
                    images.otherShapes(),
                    normalisation(shape),
                    offsets(),
                    seen(),
                    bytesSeen(),
                    lineage());
        });
    }

    /** Fixes the normalisation of the feed's rounds from now on. */
    public synchronized void settle(Normalisation normalisation) {
        if (settled == null || settled.shape() == null) {
            throw new IllegalStateException("feed '" + feed() + "' has no shape settled yet; take a snapshot first");
        }
        settleAs(settled.shape(), settled.classes(), Optional.of(Scale.of(normalisation)));
    }

    /** The same, unless the feed has been told to forget something that the normalisation was computed from. */
    public synchronized void settle(Normalisation normalisation, Lineage of) {
        if (lineage().equals(of)) {
            settle(normalisation);
        }
    }

    /**
     * Offers images.
     *
     * @return those that are not in the sample now, because they fell out or never came in, each with the incarnation
     *     that its record was of
     */
    public synchronized Map<ReservoirKey.OfImage, String> merge(Collection<KeptImage> images) {
        List<KeptImage> admitted = images.stream().filter(this::admits).toList();
        Reservoir<DecodedImage> next =
                reservoir.with(admitted.stream().map(this::candidate).toList());
        Plan<DecodedImage> plan = reservoir.changeTo(next);
        reservoir = next;
        Map<ReservoirKey.OfImage, String> gone = new HashMap<>();
        plan.evicted().forEach(candidate -> gone.put(name(candidate), incarnation()));
        Set<ReservoirKey.OfImage> fresh =
                plan.admitted().stream().map(this::name).collect(Collectors.toSet());
        admitted.stream()
                .filter(image -> fresh.contains(image.key()) || image.device() != null && kept.containsKey(image.key()))
                .forEach(image -> kept.put(image.key(), Optional.ofNullable(image.device())));
        kept.keySet().removeAll(gone.keySet());
        images.stream()
                .filter(image -> !kept.containsKey(image.key()))
                .forEach(image -> gone.put(image.key(), image.incarnation()));
        return gone;
    }

    /**
     * Takes out what is erased, now and from whatever comes.
     *
     * @return what was in the sample
     */
    synchronized Map<ReservoirKey.OfImage, String> erase(ErasureRecord erasure) {
        erasures.add(erasure);
        return takeOut(candidate -> erasure.covers(
                candidate.identity(),
                kept.getOrDefault(name(candidate), Optional.empty()).orElse(null),
                candidate.timeMillis()));
    }

    /** Lets an erased image, or the images of a device, in again when they are sent again. */
    synchronized void lift(ReservoirKey.OfErasure erasure) {
        erasures.lift(erasure);
    }

    /**
     * Forgets the sample, the counts and what was settled, unless the feed is of this incarnation already.
     *
     * @return what was in the sample
     */
    synchronized Map<ReservoirKey.OfImage, String> restart(ResetRecord record) {
        if (record.incarnation().equals(incarnation())) {
            return Map.of();
        }
        Map<ReservoirKey.OfImage, String> gone = takeOut(candidate -> true);
        progress.clear();
        settled = null;
        reset = record;
        return gone;
    }

    /**
     * Takes out an image that the topic has a tombstone of.
     *
     * @return the image, to be written once more, when the tombstone was meant for a record of an earlier incarnation
     */
    synchronized Optional<KeptImage> buried(ReservoirKey.OfImage key, String incarnation) {
        if (!kept.containsKey(key)) {
            return Optional.empty();
        }
        if (!incarnation.equals(incarnation())) {
            return reservoir.kept().stream()
                    .filter(candidate -> name(candidate).equals(key))
                    .map(this::record)
                    .findFirst();
        }
        takeOut(candidate -> name(candidate).equals(key));
        return Optional.empty();
    }

    synchronized boolean holds(ReservoirKey.OfImage key) {
        return kept.containsKey(key);
    }

    /** The record keys of all that is kept. */
    public synchronized Set<String> keptKeys() {
        return kept.keySet().stream().map(name -> name.key().text()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Takes counts over; returns those known already when they reach further, or these are of a former incarnation. */
    synchronized Optional<ProgressRecord> advance(ProgressRecord record) {
        ProgressRecord known = progress.get(record.key().partition());
        boolean present = record.incarnation().equals(incarnation());
        if (!present || known != null && known.offset() > record.offset()) {
            return Optional.ofNullable(known);
        }
        progress.put(record.key().partition(), record);
        return Optional.empty();
    }

    synchronized void settled(SettingsRecord record) {
        if (record.incarnation().equals(incarnation())) {
            settled = record;
        }
    }

    private String incarnation() {
        return reset == null ? "" : reset.incarnation();
    }

    private boolean admits(KeptImage image) {
        return settings.admits(image.label())
                && image.incarnation().equals(incarnation())
                && !erasures.cover(image.identity(), image.device(), image.timestamp());
    }

    private Map<ReservoirKey.OfImage, String> takeOut(Predicate<Candidate<DecodedImage>> which) {
        if (!reservoir.hasAny(which)) {
            return Map.of();
        }
        reservoir = reservoir.without(which);
        // With an image its class may go, if there are as many classes as allowed.
        Set<ReservoirKey.OfImage> left =
                reservoir.kept().stream().map(this::name).collect(Collectors.toSet());
        Map<ReservoirKey.OfImage, String> gone = new HashMap<>();
        kept.keySet().stream().filter(name -> !left.contains(name)).forEach(name -> gone.put(name, incarnation()));
        kept.keySet().removeAll(gone.keySet());
        return gone;
    }

    private KeptImage record(Candidate<DecodedImage> candidate) {
        return new KeptImage(
                name(candidate),
                candidate.payload().shape(),
                candidate.payload().pixels(),
                candidate.priority(),
                candidate.timeMillis(),
                candidate.heldOut(),
                settings.epoch(),
                kept.getOrDefault(name(candidate), Optional.empty()).orElse(null),
                incarnation());
    }

    /** The image as the present settings see it; the epoch says whether that is how it was written. */
    private Candidate<DecodedImage> candidate(KeptImage image) {
        Identity identity = image.identity();
        boolean same = image.epoch().equals(epoch);
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

    /** Images of another shape than before are normalised anew. */
    private Optional<Scale> normalisation(ImageShape shape) {
        return Optional.ofNullable(settled)
                .filter(before -> shape.equals(before.shape()))
                .map(SettingsRecord::normalisation);
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
                settings.holdOut(),
                incarnation());
        if (settled == null || !Arrays.equals(settled.value(), next.value())) {
            settled = next;
            settle.accept(next);
        }
    }

    private long sum(ToLongFunction<ProgressRecord> part) {
        return progress.values().stream().mapToLong(part).sum();
    }
}
