package io.reflux.intake;

import io.micrometer.core.instrument.MeterRegistry;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.kafka.KafkaConnection;
import io.reflux.reservoir.ReservoirScan;
import io.reflux.telemetry.BatchSpans;
import io.reflux.telemetry.Tracing;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
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
 * <p>While one batch waits for its acknowledgements the next is decided about, each on a thread of its own, so batches
 * keep their order in both.
 */
@Singleton
public class Collector {
    private static final Logger LOG = Logger.getLogger(Collector.class);
    private static final int UNDER_WAY = 2;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RefluxConfig config;
    private final Outlet outlet;
    private final Tracing tracing;
    private final ImageMeters meters;
    private final KafkaConnection kafka;
    private final Unpacking unpacking = new Unpacking(Runtime.getRuntime().availableProcessors());
    private final RejectionLog rejections = new RejectionLog(System::nanoTime, LOG::warn);
    private final ExecutorService deciding =
            Executors.newSingleThreadExecutor(work -> new Thread(work, "reflux-intake"));
    private final ExecutorService sending =
            Executors.newSingleThreadExecutor(work -> new Thread(work, "reflux-outlet"));
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private @Nullable Intake intake;
    private @Nullable ReservoirScan scan;
    private final Set<Integer> partitions = ConcurrentHashMap.newKeySet();
    private volatile boolean joined;
    private volatile boolean broken;

    @Inject
    Collector(RefluxConfig config, KafkaConnection kafka, Outlet outlet, MeterRegistry meters, Tracing tracing) {
        this.config = config;
        this.kafka = kafka;
        this.outlet = outlet;
        this.tracing = tracing;
        this.meters = new ImageMeters(meters);
    }

    /**
     * Takes one batch of the images topic; the next one may come when this one is decided about. The message itself is
     * acknowledged later, when all that the batch led to is.
     */
    @Incoming("images")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    public CompletionStage<Void> collect(Message<ConsumerRecords<byte @Nullable [], PartitionBatch>> batch) {
        return CompletableFuture.runAsync(() -> decide(batch), deciding);
    }

    /** Whether images are taken, however slowly; false once something has broken that only a new process mends. */
    public boolean isAlive() {
        return !broken || kafka.isClosing();
    }

    /** Whether the group has said which partitions of the images topic this process reads. */
    public boolean hasJoined() {
        return joined;
    }

    /** Partitions of the images topic that this process reads. */
    Set<Integer> partitions() {
        return Set.copyOf(partitions);
    }

    /** @param all partitions that this process reads from now on */
    void assigned(Collection<TopicPartition> all) {
        Set<Integer> numbers = all.stream().map(TopicPartition::partition).collect(Collectors.toSet());
        partitions.addAll(numbers);
        // of some that were lost nobody is told
        partitions.retainAll(numbers);
        joined = true;
    }

    void revoked(Collection<TopicPartition> taken) {
        taken.forEach(partition -> partitions.remove(partition.partition()));
    }

    /** Seconds that the broker has owed an acknowledgement; 0 while it owes none. */
    public double waitingSeconds() {
        return outlet.waitingSeconds();
    }

    /** What keeps images from being taken; empty when nothing does. */
    public Optional<String> obstacle() {
        return outlet.obstacle();
    }

    private void decide(Message<ConsumerRecords<byte @Nullable [], PartitionBatch>> batch) {
        room.acquireUninterruptibly();
        try {
            decideWithRoom(batch);
        } catch (RuntimeException | Error e) {
            room.release();
            fail(batch, e);
        }
    }

    private void decideWithRoom(Message<ConsumerRecords<byte @Nullable [], PartitionBatch>> batch) {
        Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = PartitionBatch.all(batch.getPayload());
        BatchSpans spans = tracing.batch(records);
        try {
            Harvest harvest = take(records);
            sending.execute(() -> settle(batch, harvest, spans));
        } catch (RuntimeException | Error e) {
            spans.end(e);
            throw e;
        }
    }

    private synchronized Harvest take(Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
        Intake used = intake();
        catchUp(used);
        return used.take(records);
    }

    private void settle(Message<?> batch, Harvest harvest, BatchSpans spans) {
        try {
            if (!broken) {
                outlet.send(harvest, spans);
                meters.count(harvest);
                rejections.note(harvest.deadLetters());
                acknowledge(batch);
            }
            spans.end();
        } catch (RuntimeException | Error e) {
            spans.end(e);
            fail(batch, e);
        } finally {
            room.release();
        }
    }

    private static void acknowledge(Message<?> batch) {
        batch.ack().whenComplete((done, problem) -> {
            if (problem != null) {
                LOG.warnf("offsets are not committed: %s", problem.getMessage());
            }
        });
    }

    /** Nothing behind a batch that failed may be committed, or the batch would be lost; the process is not alive. */
    private void fail(Message<?> batch, Throwable problem) {
        broken = true;
        batch.nack(problem);
    }

    /**
     * Reads what others have counted and kept, and the erasures and resets, which hold for every record sent after them:
     * after the batch is there and before it is counted. A broker that is away comes back, and nothing could be written
     * before.
     */
    private void catchUp(Intake used) {
        while (true) {
            try {
                scan().catchUp(used::restore, used::lift);
                return;
            } catch (InterruptException | WakeupException e) {
                throw e;
            } catch (KafkaException e) {
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
                    unpacking,
                    feed -> FeedSettings.of(config, feed),
                    config.limits().feeds(),
                    config.clockSkew().toMillis());
            intake = made;
        }
        return made;
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
