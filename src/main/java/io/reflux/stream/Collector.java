package io.reflux.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
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
    private final Outlet outlet;
    private final MeterRegistry meters;
    private final KafkaConnection kafka;
    private final Intake intake;
    private final RejectionLog rejections = new RejectionLog(System::nanoTime, LOG::warn);
    private @Nullable ReservoirScan scan;

    @Inject
    Collector(RefluxConfig config, KafkaConnection kafka, Outlet outlet, MeterRegistry meters) {
        this.kafka = kafka;
        this.outlet = outlet;
        this.meters = meters;
        this.intake = new Intake(
                new ImageJudge(config.limits().pixels(), kafka.imagesId().toString()),
                feed -> FeedSettings.of(config, feed),
                config.limits().feeds(),
                config.clockSkew().toMillis());
    }

    /** Takes one batch of the images topic; blocks until the broker has acknowledged what it led to. */
    @Incoming("images")
    @Blocking
    public synchronized void collect(ConsumerRecords<byte @Nullable [], byte @Nullable []> records) {
        hearOrders();
        Harvest harvest = intake.take(records);
        outlet.send(harvest);
        rejections.note(harvest.deadLetters());
        harvest.results().forEach((result, count) -> meters.counter(
                        "reflux.images", "feed", result.feed(), "result", result.outcome())
                .increment(count));
    }

    /** Reads what others have counted and kept; wanted before the first record of a new partition comes. */
    synchronized void catchUp() {
        if (scan == null) {
            scan = new ReservoirScan(kafka.clientProperties(), kafka.names().reservoir(), kafka.partitionsByFeed());
        }
        scan.catchUp(intake::restore, intake::lift);
    }

    /**
     * Erasures and resets hold for every record sent after them, so they are read after the batch is there and before it
     * is counted. A broker that is away comes back, and nothing could be written before.
     */
    private void hearOrders() {
        while (true) {
            try {
                catchUp();
                return;
            } catch (InterruptException | WakeupException e) {
                throw e;
            } catch (KafkaException e) {
                LOG.warnf("erasures and resets cannot be read for the moment: %s", e.getMessage());
            }
        }
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
