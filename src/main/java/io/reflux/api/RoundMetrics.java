package io.reflux.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.vertx.ConsumeEvent;
import io.reflux.distill.EvaluationReport;
import io.reflux.rounds.Distillery;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.WireException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the events of the rounds that this process runs amount to: counts, durations, and the last values of a feed. */
@Singleton
class RoundMetrics {
    private static final Logger LOG = Logger.getLogger(RoundMetrics.class);
    private static final String FEED = "feed";
    private static final String ROUNDS = "reflux.rounds";
    private static final String STAGES = "reflux.round.stage";
    private final MeterRegistry registry;
    private final Map<String, Readings> feeds = new ConcurrentHashMap<>();

    /** The last values of a feed; null before there is one. */
    static final class Readings {
        private volatile boolean running;
        private volatile @Nullable Double progress;
        private volatile @Nullable Double loss;
        private volatile @Nullable EvaluationReport accuracy;

        private void read(RoundEvent event) {
            RoundDetail detail = event.detail();
            running = !event.type().ends();
            progress = running ? share(detail) : null;
            loss = detail.loss() == null ? loss : detail.loss();
            accuracy = detail.accuracy() == null ? accuracy : detail.accuracy();
        }

        private static @Nullable Double share(RoundDetail detail) {
            Long done = detail.done();
            Long total = detail.total();
            return done == null || total == null || total == 0 ? null : (double) done / total;
        }

        boolean running() {
            return running;
        }

        Optional<Double> progress() {
            return Optional.ofNullable(progress);
        }

        Optional<Double> loss() {
            return Optional.ofNullable(loss);
        }

        Optional<EvaluationReport> accuracy() {
            return Optional.ofNullable(accuracy);
        }
    }

    @Inject
    RoundMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Of a feed; empty before its first round in this process. */
    Optional<Readings> of(String feed) {
        return Optional.ofNullable(feeds.get(feed));
    }

    /** Forgets a feed that has been deleted, with its meters: names that come and go must not add up. */
    void forget(String feed) {
        if (feeds.remove(feed) != null) {
            for (String name : List.of(ROUNDS, STAGES)) {
                registry.find(name).tag(FEED, feed).meters().forEach(registry::remove);
            }
        }
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
        if (event.type().asksOfGeneration() || event.type().answers()) {
            return;
        }
        feeds.computeIfAbsent(event.feed(), feed -> new Readings()).read(event);
        if (event.type().ends()) {
            count(event);
        }
    }

    private void count(RoundEvent event) {
        Counter.builder(ROUNDS)
                .description("Rounds that have ended, by how")
                .tag(FEED, event.feed())
                .tag("outcome", event.type().text())
                .register(registry)
                .increment();
        Map<String, Double> seconds = event.detail().seconds();
        if (seconds != null) {
            seconds.forEach((stage, spent) -> Timer.builder(STAGES)
                    .description("Time that ended rounds spent in a stage")
                    .tag(FEED, event.feed())
                    .tag("stage", stage)
                    .register(registry)
                    .record(Duration.ofMillis(Math.round(1000 * spent))));
        }
    }
}
