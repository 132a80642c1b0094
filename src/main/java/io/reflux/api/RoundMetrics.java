package io.reflux.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.ConsumeEvent;
import io.reflux.distill.EvaluationReport;
import io.reflux.stream.Distillery;
import io.reflux.stream.FeedSample;
import io.reflux.stream.ReservoirTopic;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.WireException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/**
 * Meters of the rounds that this process runs; its labels are feeds, of which there are at most
 * {@code reflux.limits.feeds}, and fixed words.
 */
@Singleton
class RoundMetrics {
    private static final Logger LOG = Logger.getLogger(RoundMetrics.class);
    private final MeterRegistry registry;
    private final ReservoirTopic reservoir;
    private final Map<String, Readings> feeds = new ConcurrentHashMap<>();

    /** The last values of a feed. */
    private static final class Readings {
        private volatile double loss = Double.NaN;
        private volatile double distilled = Double.NaN;
        private volatile double random = Double.NaN;
        private volatile double sample = Double.NaN;
        private volatile double generation = Double.NaN;

        void read(RoundDetail detail) {
            if (detail.loss() != null) {
                loss = detail.loss();
            }
            if (detail.generation() != null) {
                generation = detail.generation();
            }
            EvaluationReport accuracy = detail.accuracy();
            if (accuracy != null) {
                distilled = accuracy.distilled().mean();
                random = accuracy.random().mean();
                sample = accuracy.sample().mean();
            }
        }
    }

    @Inject
    RoundMetrics(MeterRegistry registry, ReservoirTopic reservoir) {
        this.registry = registry;
        this.reservoir = reservoir;
    }

    @ConsumeEvent(Distillery.EVENTS)
    void hear(String json) {
        try {
            read(RoundEvent.fromBytes(json.getBytes(StandardCharsets.UTF_8)));
        } catch (WireException e) {
            LOG.warnf("an event of a round is not measured: %s", e.getMessage());
        }
    }

    private void read(RoundEvent event) {
        String feed = event.feed();
        feeds.computeIfAbsent(feed, this::register).read(event.detail());
        if (event.type().ends()) {
            registry.counter(
                            "reflux.rounds",
                            "feed",
                            feed,
                            "outcome",
                            event.type().text())
                    .increment();
            Map<String, Double> seconds = event.detail().seconds();
            if (seconds != null) {
                seconds.forEach((stage, spent) -> registry.timer("reflux.round.stage", "feed", feed, "stage", stage)
                        .record(Duration.ofMillis(Math.round(1000 * spent))));
            }
        }
    }

    private Readings register(String feed) {
        Readings readings = new Readings();
        gauge("reflux.round.loss", feed, readings, "", last -> last.loss);
        gauge("reflux.generation", feed, readings, "", last -> last.generation);
        gauge("reflux.accuracy", feed, readings, "distilled", last -> last.distilled);
        gauge("reflux.accuracy", feed, readings, "random", last -> last.random);
        gauge("reflux.accuracy", feed, readings, "sample", last -> last.sample);
        Gauge.builder("reflux.sample.images", () -> sample(feed))
                .tag("feed", feed)
                .register(registry);
        return readings;
    }

    private void gauge(String name, String feed, Readings readings, String row, ToDoubleFunction<Readings> value) {
        Gauge.Builder<Readings> gauge =
                Gauge.builder(name, readings, value).tag("feed", feed).strongReference(true);
        (row.isEmpty() ? gauge : gauge.tag("row", row)).register(registry);
    }

    private double sample(String feed) {
        return reservoir
                .feed(feed)
                .map(FeedSample::perClass)
                .map(counts ->
                        counts.values().stream().mapToInt(Integer::intValue).sum())
                .orElse(0);
    }
}
