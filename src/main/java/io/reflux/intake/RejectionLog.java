package io.reflux.intake;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Says that records were dead-lettered: the first at once, further ones in one line for all of them, so that a producer
 * gone wrong fills no log. Used by one thread at a time.
 */
final class RejectionLog {
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private final Consumer<String> line;
    private final Map<String, Long> counts = new TreeMap<>();
    private String last = "";
    private long quietUntil;

    /**
     * @param nanos a clock that only goes forward
     * @param line takes what is to be logged
     */
    RejectionLog(LongSupplier nanos, Consumer<String> line) {
        this.nanos = nanos;
        this.line = line;
        this.quietUntil = nanos.getAsLong();
    }

    /** Notes what a batch has rejected, and tells it when there is something to tell and the time has come. */
    void note(List<RejectedRecord> rejected) {
        for (RejectedRecord one : rejected) {
            counts.merge(one.rejection().reason().text(), 1L, Long::sum);
            last = place(one.record()) + ": " + one.rejection().detail();
        }
        long now = nanos.getAsLong();
        if (!counts.isEmpty() && now - quietUntil >= 0) {
            line.accept(summary());
            counts.clear();
            quietUntil = now + INTERVAL.toNanos();
        }
    }

    private String summary() {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        String reasons = counts.entrySet().stream()
                .map(reason -> reason.getKey() + " " + reason.getValue())
                .collect(Collectors.joining(", "));
        return all + (all == 1 ? " record was" : " records were") + " dead-lettered (" + reasons + "), last " + last;
    }

    private static String place(ConsumerRecord<?, ?> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset();
    }
}
