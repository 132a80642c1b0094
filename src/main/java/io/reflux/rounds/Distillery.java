package io.reflux.rounds;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.reflux.config.ConfiguredSettings;
import io.reflux.config.InvalidConfigurationException;
import io.reflux.config.RefluxConfig;
import io.reflux.config.Role;
import io.reflux.config.RoundsConfig;
import io.reflux.kafka.KafkaConnection;
import io.reflux.kafka.Transactions;
import io.reflux.reservoir.ReservoirTopic;
import io.reflux.telemetry.Tracing;
import io.reflux.wire.Manifest;
import io.reflux.wire.RoundEvent;
import io.vertx.core.eventbus.EventBus;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The part of the service that distils: starts with the role, owns partitions of the reservoir, and runs their rounds. */
@Singleton
public class Distillery {
    /** Address on the Vert.x event bus where every event of this process's rounds appears, as JSON. */
    public static final String EVENTS = "reflux.rounds";

    private static final Logger LOG = Logger.getLogger(Distillery.class);

    private final RefluxConfig config;
    private final KafkaConnection kafka;
    private final ReservoirTopic reservoir;
    private final DistillationEngine engine;
    private final EventBus bus;
    private final Tracing tracing;
    private final String version;
    private volatile @Nullable Equipment equipment;
    private volatile boolean broken;
    private boolean stopped;

    /** What runs while the role does. */
    private record Equipment(RoundInbox inbox, Rounds rounds, Publisher publisher, OwnedFeeds feeds, RoundLoop loop) {}

    @Inject
    Distillery(
            RefluxConfig config,
            KafkaConnection kafka,
            ReservoirTopic reservoir,
            DistillationEngine engine,
            EventBus bus,
            Tracing tracing,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "development") String version) {
        this.config = config;
        this.kafka = kafka;
        this.reservoir = reservoir;
        this.engine = engine;
        this.bus = bus;
        this.tracing = tracing;
        this.version = version;
    }

    /** Settings that cannot work end the start here, whatever the roles: the message names the property. */
    void start(@Observes StartupEvent event) {
        new ConfiguredSettings(config).check();
        Acceptance acceptance = new Acceptance(config.rounds().tolerance());
        if (config.generations().keep() < 1) {
            throw new InvalidConfigurationException(
                    "reflux.generations.keep", "is " + config.generations().keep() + ", must be at least 1");
        }
        if (config.roles().contains(Role.DISTILLERY)) {
            engine.check();
            kafka.whenOpen(() -> begin(acceptance));
        }
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        Equipment used = equipment;
        stopped = true;
        equipment = null;
        if (used != null) {
            used.loop().close();
            reservoir.close();
            used.inbox().close();
            used.publisher().close();
            used.rounds().close();
        }
    }

    /** What keeps rounds from running and being published, by kind; empty when nothing does. */
    public Map<String, Set<Integer>> obstacles() {
        Equipment used = equipment;
        if (used == null) {
            return Map.of();
        }
        Set<Integer> unrestored = reservoir.partitions().stream()
                .filter(partition -> !reservoir.isRestored(partition))
                .collect(Collectors.toSet());
        return Map.of("not-restored", unrestored, "no-producer", used.loop().unopened());
    }

    /** What keeps the engine from computing; empty when nothing does, or without the role. */
    public String engineObstacle() {
        Equipment used = equipment;
        return used == null ? "" : used.loop().engineObstacle();
    }

    /** Whether the engine is loaded, the group has been joined, and all that it gave is restored and can be published. */
    public boolean hasStarted() {
        Equipment used = equipment;
        return used != null
                && used.loop().engineObstacle().isEmpty()
                && used.loop().unopened().isEmpty()
                && reservoir.isSettled();
    }

    /** How many of this process's transactions ended so. */
    public long transactions(Transactions.Outcome outcome) {
        Equipment used = equipment;
        return used == null ? 0 : used.publisher().transactions().count(outcome);
    }

    /** The current generation of a feed that this process owns; empty before it has looked, or without any. */
    public Optional<Manifest> current(String feed) {
        Equipment used = equipment;
        return used == null ? Optional.empty() : used.feeds().current(feed);
    }

    /** Bytes of the trajectories of a feed on this process's disk. */
    public long trajectoryBytes(String feed) {
        try {
            return new FeedCaches(directory()).trajectoryBytes(feed);
        } catch (IOException | UncheckedIOException e) {
            LOG.debugf("the trajectories of feed %s cannot be measured: %s", feed, e.getMessage());
            return 0;
        }
    }

    private Path directory() {
        return config.data().directory().resolve("distillery");
    }

    /** Whether the threads of the role are at work; true without the role. */
    public boolean isAlive() {
        Equipment used = equipment;
        return !broken && (used == null || used.loop().isAlive() && reservoir.isAlive());
    }

    /** On whatever thread the broker was reached; what breaks here only a new process mends. */
    private void begin(Acceptance acceptance) {
        try {
            equip(acceptance);
        } catch (RuntimeException e) {
            broken = true;
            LOG.errorf(e, "rounds cannot run, the process has to start again");
        }
    }

    private synchronized void equip(Acceptance acceptance) {
        if (stopped) {
            return;
        }
        Map<String, Object> client = kafka.clientProperties();
        int partitions = kafka.partitionsByFeed();
        RoundInbox inbox = new RoundInbox(client, kafka.names(), partitions);
        Rounds rounds = new Rounds(client, kafka.names(), partitions);
        Publisher publisher = new Publisher(client, kafka.names(), partitions, reservoir::confirms);
        GenerationReader generations = new GenerationReader(kafka.bootstrapServers(), kafka.names(), client);
        ConfiguredSettings settings = new ConfiguredSettings(config);
        OwnedFeeds feeds =
                new OwnedFeeds(reservoir, inbox, generations, config.rounds().backoff());
        RoundLoop loop = new RoundLoop(
                inbox,
                rounds,
                publisher,
                feeds,
                policy(),
                voice -> new RoundBench(
                        reservoir::feed,
                        generations,
                        publisher,
                        engine,
                        settings::of,
                        acceptance,
                        config.generations().keep(),
                        directory(),
                        version,
                        voice,
                        Clock.systemUTC()),
                this::tell,
                tracing);
        equipment = new Equipment(inbox, rounds, publisher, feeds, loop);
        loop.start();
        reservoir.start(loop);
    }

    private RoundPolicy policy() {
        RoundsConfig rounds = config.rounds();
        return new RoundPolicy(rounds.everyImages(), rounds.every().orElse(null), rounds.minimumPerClass());
    }

    private void tell(RoundEvent event) {
        try {
            bus.publish(EVENTS, new String(event.toBytes(), StandardCharsets.UTF_8));
        } catch (IllegalStateException e) {
            LOG.debugf("nobody hears of round %s any more: %s", event.round(), e.getMessage());
        }
    }
}
