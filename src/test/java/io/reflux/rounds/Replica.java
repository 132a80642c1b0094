package io.reflux.rounds;

import io.reflux.config.Configurations;
import io.reflux.config.RefluxConfig;
import io.reflux.distill.DistillationSettings;
import io.reflux.reservoir.ReservoirTopic;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.TopicNames;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** One process with the distillery's role, without Quarkus around it. */
final class Replica implements AutoCloseable {
    static final int PARTITIONS = 4;
    final FakeEngine engine = new FakeEngine();
    final List<RoundEvent> events = new CopyOnWriteArrayList<>();
    final ReservoirTopic reservoir;
    final RoundInbox inbox;
    final Rounds rounds;
    final Publisher publisher;
    final RoundLoop loop;

    Replica(Map<String, Object> client, TopicNames topics, RoundPolicy policy, Path directory) {
        this(client, topics, policy, directory, null, DistillationSettings.cpuSmall());
    }

    /** @param other engine instead of the fake one, or null */
    Replica(
            Map<String, Object> client,
            TopicNames topics,
            RoundPolicy policy,
            Path directory,
            @Nullable DistillationEngine other,
            DistillationSettings settings) {
        reservoir = new ReservoirTopic(config(), client, topics, Tracing.off());
        inbox = new RoundInbox(client, topics, PARTITIONS);
        rounds = new Rounds(client, topics, PARTITIONS);
        publisher = new Publisher(client, topics, PARTITIONS);
        GenerationReader generations =
                new GenerationReader(String.valueOf(client.get("bootstrap.servers")), topics, Map.of());
        loop = new RoundLoop(
                inbox,
                rounds,
                publisher,
                new OwnedFeeds(reservoir, inbox, generations, Duration.ofMillis(100)),
                policy,
                voice -> new RoundBench(
                        reservoir::feed,
                        generations,
                        publisher,
                        other == null ? engine : other,
                        feed -> settings,
                        new Acceptance(0.1),
                        2,
                        directory,
                        "test",
                        voice,
                        Clock.systemUTC()),
                events::add,
                Tracing.off());
    }

    /** How the samples of these replicas are kept. */
    static RefluxConfig config() {
        return Configurations.of(Map.of("reflux.sample.hold-out", "0.2", "reflux.sample.hold-out-minimum", "2"));
    }

    Replica start() {
        loop.start();
        reservoir.start(loop);
        return this;
    }

    @Override
    public void close() {
        loop.close();
        reservoir.close();
        inbox.close();
        publisher.close();
        rounds.close();
    }
}
