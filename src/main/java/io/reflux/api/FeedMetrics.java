package io.reflux.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.reflux.config.RefluxConfig;
import io.reflux.distill.EvaluationReport;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.ReservoirTopic;
import io.reflux.rounds.Distillery;
import io.reflux.wire.Manifest;
import io.reflux.wire.ResetRecord;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Gauges of the feeds that this process owns, so that one process tells of each feed; of at most twice
 * {@code reflux.limits.feeds}. A value is computed when it is asked for; which feeds there are is looked up every two
 * seconds.
 */
@Singleton
class FeedMetrics {
    private static final double MILLIS = 1000;
    private static final String BYTES = "bytes";
    private static final String SECONDS = "seconds";
    private static final String NONE = "";
    private final int limit;
    private final MeterRegistry registry;
    private final ReservoirTopic reservoir;
    private final Distillery distillery;
    private final RoundMetrics rounds;
    private final Clock clock = Clock.systemUTC();
    private final List<FeedGauge> gauges = new ArrayList<>();

    /**
     * A gauge with one row for each feed.
     *
     * @param rows tags of the feed's rows, and their values; NaN where there is none yet
     * @param exists whether the feed has rows
     */
    private record FeedGauge(MultiGauge meter, List<Row> rows, Predicate<String> exists) {
        List<MultiGauge.Row<?>> of(FeedSample feed) {
            List<MultiGauge.Row<?>> present = new ArrayList<>();
            if (exists.test(feed.feed())) {
                rows.forEach(
                        row -> present.add(MultiGauge.Row.of(row.tags().and("feed", feed.feed()), feed, row.value())));
            }
            return present;
        }
    }

    /** One value of a feed. */
    private record Row(Tags tags, ToDoubleFunction<FeedSample> value) {}

    @Inject
    FeedMetrics(
            RefluxConfig config,
            MeterRegistry registry,
            ReservoirTopic reservoir,
            Distillery distillery,
            RoundMetrics rounds) {
        this.limit = 2 * config.limits().feeds();
        this.registry = registry;
        this.reservoir = reservoir;
        this.distillery = distillery;
        this.rounds = rounds;
        addSamples();
        addGenerations();
        addRounds();
        addAccuracies();
    }

    @Scheduled(
            every = "2s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void refresh() {
        Map<Boolean, List<FeedSample>> owned =
                reservoir.feeds().stream().collect(Collectors.partitioningBy(FeedMetrics::isDeleted));
        owned.getOrDefault(true, List.of()).forEach(feed -> rounds.forget(feed.feed()));
        List<FeedSample> feeds = owned.getOrDefault(false, List.of()).stream()
                .sorted(Comparator.comparing(FeedSample::feed))
                .limit(limit)
                .toList();
        gauges.forEach(gauge -> gauge.meter()
                .register(
                        feeds.stream().flatMap(feed -> gauge.of(feed).stream()).toList()));
    }

    /** Its owner remembers a deleted feed for the sake of what is still under way. */
    private static boolean isDeleted(FeedSample feed) {
        return feed.reset().filter(ResetRecord::deleted).isPresent()
                && feed.seen() == 0
                && feed.rejects().isEmpty();
    }

    private void addSamples() {
        addSample("reflux.feed.images", NONE, "Images since the feed began, in all processes", FeedSample::seen);
        addSample("reflux.feed", BYTES, "Bytes of these images", FeedSample::bytesSeen);
        addSample("reflux.sample.images", NONE, "Images kept, held-out ones included", FeedMetrics::kept);
        addSample("reflux.sample.classes", NONE, "Classes of the images kept", feed -> feed.perClass()
                .size());
        addSample(
                "reflux.sample.age",
                SECONDS,
                "Mean age of the images kept",
                feed -> age(feed.meanTime().orElse(Double.NaN)));
        addSample(
                "reflux.sample.newest.age",
                SECONDS,
                "Age of the newest image kept",
                feed -> age(feed.newestTime().isPresent() ? feed.newestTime().getAsLong() : Double.NaN));
        addSample(
                "reflux.trajectories",
                BYTES,
                "Trajectories of experts on this process's disk",
                feed -> distillery.trajectoryBytes(feed.feed()));
    }

    private void addGenerations() {
        addGeneration("reflux.generation", NONE, "Number of the current generation", Manifest::generation);
        addGeneration(
                "reflux.generation.timestamp",
                SECONDS,
                "When it was published, since 1970",
                manifest -> manifest.time().toEpochMilli() / MILLIS);
        addGeneration("reflux.generation.in.images", NONE, "Images the feed had had by then", manifest -> manifest.in()
                .images());
        addGeneration("reflux.generation.in", BYTES, "Bytes of these images", manifest -> manifest.in()
                .bytes());
        addGeneration("reflux.generation.out", BYTES, "Bytes of the set", manifest -> manifest.out()
                .bytes());
        addGeneration(
                "reflux.compaction.ratio",
                NONE,
                "Bytes in for each byte out",
                manifest -> (double) manifest.in().bytes() / manifest.out().bytes());
    }

    private void addRounds() {
        addRound("reflux.round.running", "1 while a round runs", last -> last.running() ? 1 : 0);
        addRound(
                "reflux.round.progress.ratio",
                "Share of the running round's stage that is done",
                last -> last.progress().orElse(Double.NaN));
        addRound("reflux.round.loss", "Matching loss of the last iteration told of", last -> last.loss()
                .orElse(Double.NaN));
    }

    private void addAccuracies() {
        MultiGauge meter = meter(
                "reflux.accuracy.ratio", NONE, "Accuracy of students at the last evaluation, by what they trained on");
        gauges.add(new FeedGauge(
                meter,
                List.of(
                        accuracy("distilled", report -> report.distilled().mean()),
                        accuracy("random", report -> report.random().mean()),
                        accuracy("sample", report -> report.sample().mean())),
                feed -> rounds.of(feed).isPresent() || distillery.current(feed).isPresent()));
    }

    private Row accuracy(String trainedOn, ToDoubleFunction<EvaluationReport> value) {
        return new Row(Tags.of("trained_on", trainedOn), feed -> rounds.of(feed.feed())
                .flatMap(RoundMetrics.Readings::accuracy)
                .or(() -> distillery.current(feed.feed()).map(Manifest::accuracy))
                .map(value::applyAsDouble)
                .orElse(Double.NaN));
    }

    private void addSample(String name, String unit, String what, ToDoubleFunction<FeedSample> value) {
        add(name, unit, what, value, feed -> true);
    }

    private void addGeneration(String name, String unit, String what, ToDoubleFunction<Manifest> value) {
        Function<String, Double> current =
                feed -> distillery.current(feed).map(value::applyAsDouble).orElse(Double.NaN);
        add(name, unit, what, feed -> current.apply(feed.feed()), feed -> distillery
                .current(feed)
                .isPresent());
    }

    private void addRound(String name, String what, ToDoubleFunction<RoundMetrics.Readings> value) {
        Function<String, Double> last =
                feed -> rounds.of(feed).map(value::applyAsDouble).orElse(Double.NaN);
        add(name, NONE, what, feed -> last.apply(feed.feed()), feed -> rounds.of(feed)
                .isPresent());
    }

    private void add(
            String name, String unit, String what, ToDoubleFunction<FeedSample> value, Predicate<String> exists) {
        gauges.add(new FeedGauge(meter(name, unit, what), List.of(new Row(Tags.empty(), value)), exists));
    }

    private MultiGauge meter(String name, String unit, String what) {
        return MultiGauge.builder(name)
                .description(what)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    private double age(double time) {
        return Math.max(0, (clock.millis() - time) / MILLIS);
    }

    private static double kept(FeedSample feed) {
        return feed.perClass().values().stream().mapToInt(Integer::intValue).sum();
    }
}
