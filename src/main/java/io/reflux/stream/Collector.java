package io.reflux.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads images, hands on those that may be in the sample, and answers for the others. A batch is acknowledged, and its
 * offsets committed, when the broker has acknowledged all that it led to.
 */
@Singleton
public class Collector {
    private static final Logger LOG = Logger.getLogger(Collector.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RefluxConfig config;
    private final Outlet outlet;
    private final MeterRegistry meters;
    private final KafkaConnection kafka;
    private @Nullable Intake intake;
    private @Nullable ReservoirScan scan;
    private volatile boolean behind = true;
    private volatile boolean failed;

    @Inject
    Collector(RefluxConfig config, KafkaConnection kafka, Outlet outlet, MeterRegistry meters) {
        this.config = config;
        this.kafka = kafka;
        this.outlet = outlet;
        this.meters = meters;
    }

    /** Takes one batch of the images topic; blocks until the broker has acknowledged what it led to. */
    @Incoming("images")
    @Blocking
    public synchronized void collect(ConsumerRecords<byte @Nullable [], byte @Nullable []> records) {
        try {
            take(records);
        } catch (RuntimeException e) {
            failed = !kafka.isClosing();
            throw e;
        }
    }

    /** Others have counted and kept since: what they have must be read before the next batch is taken. */
    void fallBehind() {
        behind = true;
    }

    /** Whether images are taken, however slowly; false once something has broken that only a new process mends. */
    public boolean isAlive() {
        return !failed;
    }

    /** What keeps images from being taken; empty when nothing does. */
    public Optional<String> obstacle() {
        return outlet.obstacle();
    }

    private void take(ConsumerRecords<byte @Nullable [], byte @Nullable []> records) {
        Intake used = intake();
        catchUp(used);
        Harvest harvest = used.take(records);
        outlet.send(harvest);
        harvest.results().forEach((result, count) -> meters.counter(
                        "reflux.images", "feed", result.feed(), "result", result.outcome())
                .increment(count));
    }

    private void catchUp(Intake used) {
        while (behind) {
            behind = false;
            try {
                ReservoirScan open = scan();
                open.catchUp(used::restore);
            } catch (KafkaException e) {
                behind = true;
                LOG.warnf("the samples cannot be read for the moment: %s", e.getMessage());
                outlet.pause(PAUSE);
            }
        }
    }

    private ReservoirScan scan() {
        ReservoirScan open = scan;
        if (open == null) {
            open = new ReservoirScan(kafka.clientProperties(), kafka.names().reservoir(), kafka.partitionsByFeed());
            scan = open;
        }
        return open;
    }

    /** Made with the first batch, when the broker has told the identity of its topic. */
    private Intake intake() {
        Intake made = intake;
        if (made == null) {
            if (!kafka.awaitOpen()) {
                throw new IllegalStateException("the process stops");
            }
            made = new Intake(
                    new ImageJudge(config.limits().pixels(), kafka.imagesId().toString()),
                    feed -> FeedSettings.of(config, feed),
                    config.limits().feeds(),
                    config.clockSkew().toMillis());
            intake = made;
        }
        return made;
    }

    /** Waits for the batch at work, so that its progress is written before the partition's next owner reads it. */
    synchronized void finishBatch() {
        // Entering the monitor was the wait.
    }

    @PreDestroy
    synchronized void close() {
        if (scan != null) {
            scan.close();
        }
    }
}
