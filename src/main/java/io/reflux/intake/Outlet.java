package io.reflux.intake;

import io.reflux.kafka.KafkaConnection;
import io.reflux.telemetry.BatchSpans;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.TopicNames;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends what the collector has decided, and waits until the broker has acknowledged it. */
@Singleton
class Outlet {
    private static final Logger LOG = Logger.getLogger(Outlet.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** How often a wait looks whether the process stops. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** How long acknowledgements may take before somebody should know. */
    private static final Duration NORMAL = Duration.ofSeconds(5);

    /** How long one line about sends that fail is enough. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private final KafkaConnection kafka;
    private final MutinyEmitter<Record<byte[], byte @Nullable []>> kept;
    private final MutinyEmitter<Record<byte @Nullable [], byte @Nullable []>> deadLetters;

    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    private volatile long waitingSince;
    private volatile String problem = "";

    @Inject
    Outlet(
            KafkaConnection kafka,
            @Channel("kept-images") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
                    MutinyEmitter<Record<byte[], byte @Nullable []>> kept,
            @Channel("dead-letters") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
                    MutinyEmitter<Record<byte @Nullable [], byte @Nullable []>> deadLetters) {
        this.kafka = kafka;
        this.kept = kept;
        this.deadLetters = deadLetters;
    }

    /** Returns when kept images and dead letters, and after them the progress, are acknowledged. */
    void send(Harvest harvest, BatchSpans spans) {
        List<KeptImage> images = harvest.kept();
        await(Stream.concat(
                        IntStream.range(0, images.size())
                                .mapToObj(i -> keptSend(
                                        images.get(i),
                                        spans.headersOf(harvest.origins().get(i)))),
                        harvest.deadLetters().stream().map(this::deadLetterSend))
                .toList());
        await(harvest.progress().stream()
                .map(counts -> keptSend(counts, new RecordHeaders()))
                .toList());
    }

    private Uni<Void> keptSend(ReservoirRecord record, Headers headers) {
        byte[] key = record.key().key().text().getBytes(StandardCharsets.UTF_8);
        int partition = TopicNames.partitionOf(record.key().feed(), kafka.partitionsByFeed());
        OutgoingKafkaRecordMetadata<?> metadata = OutgoingKafkaRecordMetadata.builder()
                .withPartition(partition)
                .withHeaders(headers)
                .build();
        Record<byte[], byte @Nullable []> payload = Record.of(key, record.value());
        return Uni.createFrom()
                .deferred(() -> kept.sendMessage(Message.of(payload).addMetadata(metadata)));
    }

    /** A value can unpack to more than the topic takes; then its place and its size have to do. */
    private Uni<Void> deadLetterSend(RejectedRecord rejected) {
        return deadLetterSend(rejected, rejected.headers(), rejected.record().value())
                .onFailure(Outlet::isTooLarge)
                .recoverWithUni(() -> deadLetterSend(rejected, rejected.headersWithoutValue(), null));
    }

    private Uni<Void> deadLetterSend(RejectedRecord rejected, Headers headers, byte @Nullable [] value) {
        OutgoingKafkaRecordMetadata<?> metadata =
                OutgoingKafkaRecordMetadata.builder().withHeaders(headers).build();
        Record<byte @Nullable [], byte @Nullable []> payload =
                Record.of(rejected.record().key(), value);
        return Uni.createFrom()
                .deferred(() -> deadLetters.sendMessage(Message.of(payload).addMetadata(metadata)));
    }

    private static boolean isTooLarge(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException) {
                return true;
            }
        }
        return false;
    }

    /** How long acknowledgements have been waited for; 0 while none are. */
    double waitingSeconds() {
        long since = waitingSince;
        return since == 0 ? 0 : (System.nanoTime() - since) / 1e9;
    }

    /** What has not been acknowledged for long; empty when nothing waits, or not for long. */
    Optional<String> obstacle() {
        long since = waitingSince;
        long seconds = (System.nanoTime() - since) / 1_000_000_000;
        return since == 0 || seconds < NORMAL.toSeconds()
                ? Optional.empty()
                : Optional.of("records wait to be acknowledged since " + seconds + " s" + problem);
    }

    /**
     * Stands still.
     *
     * @throws IllegalStateException when the process stops meanwhile
     */
    void pause(Duration duration) {
        if (kafka.awaitClosing(duration)) {
            throw new IllegalStateException("the process stops");
        }
    }

    /** A broker that is away comes back: nothing is given up, and nothing behind it is committed. */
    private void await(List<Uni<Void>> sends) {
        if (!sends.isEmpty()) {
            List<Uni<Void>> persistent = sends.stream()
                    .map(send -> send.onFailure()
                            .invoke(this::sendsAgain)
                            .onFailure()
                            .retry()
                            .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                            .indefinitely())
                    .toList();
            await(Uni.join().all(persistent).andFailFast().subscribeAsCompletionStage());
        }
    }

    private void await(CompletableFuture<?> acknowledged) {
        waitingSince = System.nanoTime();
        try {
            while (true) {
                try {
                    acknowledged.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    pause(Duration.ZERO);
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("records cannot be sent", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        } finally {
            acknowledged.cancel(true);
            waitingSince = 0;
            problem = "";
        }
    }

    /** Every record that waits fails by itself, with words of its own; one line for all of them is enough. */
    private void sendsAgain(Throwable failure) {
        problem = ": " + failure.getMessage();
        long until = quietUntil.get();
        if (System.nanoTime() - until >= 0 && quietUntil.compareAndSet(until, System.nanoTime() + QUIET.toNanos())) {
            LOG.warnf("sending again%s", problem);
        }
    }
}
