package io.reflux.stream;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads images, hands on those that may be in the sample, and answers for the others. A batch is acknowledged, and its
 * offsets committed, when the broker has acknowledged all that it led to.
 *
 * <p>Two threads work in turn on every batch: one decides, the other sends and waits for the broker. So a batch is
 * decided about while the one before it is on its way. Each does one batch after the other, so progress is written and
 * batches are acknowledged in the order in which they came; and no more than {@value #UNDER_WAY} are under way at a
 * time, so a slow broker holds the stream up.
 */
@Singleton
public class Collector {
    private static final Logger LOG = Logger.getLogger(Collector.class);
    private static final int UNDER_WAY = 2;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final Outlet outlet;
    private final MeterRegistry meters;
    private final KafkaConnection kafka;
    private final Unpacking unpacking;
    private final Intake intake;
    private final RejectionLog rejections = new RejectionLog(System::nanoTime, LOG::warn);
    private final ExecutorService deciding =
            Executors.newSingleThreadExecutor(work -> new Thread(work, "reflux-intake"));
    private final ExecutorService sending =
            Executors.newSingleThreadExecutor(work -> new Thread(work, "reflux-outlet"));
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private @Nullable ReservoirScan scan;
    private volatile boolean broken;

    @Inject
    Collector(RefluxConfig config, KafkaConnection kafka, Outlet outlet, MeterRegistry meters) {
        this.kafka = kafka;
        this.outlet = outlet;
        this.meters = meters;
        this.unpacking = new Unpacking(Runtime.getRuntime().availableProcessors());
        this.intake = new Intake(
                new ImageJudge(config.limits().pixels(), kafka.imagesId().toString()),
                unpacking,
                feed -> FeedSettings.of(config, feed),
                config.limits().feeds(),
                config.clockSkew().toMillis());
    }

    /**
     * Takes one batch of the images topic; the next one may come when this one is decided about. The message itself is
     * acknowledged later, when all that the batch led to is.
     */
    @Incoming("images")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> collect(Message<ConsumerRecords<byte @Nullable [], byte @Nullable []>> batch) {
        return CompletableFuture.runAsync(() -> decide(batch), deciding);
    }

    private void decide(Message<ConsumerRecords<byte @Nullable [], byte @Nullable []>> batch) {
        room.acquireUninterruptibly();
        try {
            Harvest harvest = take(batch.getPayload());
            sending.execute(() -> settle(batch, harvest));
        } catch (RuntimeException e) {
            room.release();
            fail(batch, e);
        }
    }

    private synchronized Harvest take(ConsumerRecords<byte @Nullable [], byte @Nullable []> records) {
        hearOrders();
        return intake.take(records);
    }

    private void settle(Message<?> batch, Harvest harvest) {
        try {
            if (!broken) {
                outlet.send(harvest);
                count(harvest);
                rejections.note(harvest.deadLetters());
                acknowledge(batch);
            }
        } catch (RuntimeException e) {
            fail(batch, e);
        } finally {
            room.release();
        }
    }

    private void count(Harvest harvest) {
        harvest.results().forEach((result, count) -> meters.counter(
                        "reflux.images", "feed", result.feed(), "result", result.outcome())
                .increment(count));
    }

    private static void acknowledge(Message<?> batch) {
        batch.ack().whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warnf("offsets are not committed: %s", problem.getMessage());
            }
        });
    }

    /** Nothing behind a batch that failed may be committed, or the batch would be lost; the channel reports DOWN. */
    private void fail(Message<?> batch, RuntimeException problem) {
        broken = true;
        batch.nack(problem);
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

    /** Waits for the batches at work, so that their progress is written before the partition's next owner reads it. */
    void finishBatches() {
        try {
            CompletableFuture.runAsync(() -> {}, deciding)
                    .thenRunAsync(() -> {}, sending)
                    .join();
        } catch (RejectedExecutionException e) {
            LOG.debug("the collector has ended, nothing is at work");
        }
    }

    /** What is not acknowledged by the broker in time comes again. */
    @PreDestroy
    void close() {
        deciding.shutdown();
        end(deciding);
        sending.shutdown();
        end(sending);
        unpacking.close();
        closeScan();
    }

    private synchronized void closeScan() {
        if (scan != null) {
            scan.close();
        }
    }

    private static void end(ExecutorService thread) {
        try {
            if (!thread.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
