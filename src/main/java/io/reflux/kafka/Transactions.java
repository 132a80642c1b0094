package io.reflux.kafka;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How the transactions of this process ended. Safe for use by several threads. */
public final class Transactions {
    /** How a transaction ends. */
    public enum Outcome {
        /** All of it stands on the topics. */
        COMMITTED,
        /** None of it does: the broker did not take it. */
        ABORTED,
        /** None of it does: another process owns the partition. */
        FENCED;

        /** Lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    public Transactions() {
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
    }

    public void add(Outcome outcome) {
        adder(outcome).increment();
    }

    /** Transactions that have ended so. */
    public long count(Outcome outcome) {
        return adder(outcome).sum();
    }

    private LongAdder adder(Outcome outcome) {
        return Objects.requireNonNull(counts.get(outcome));
    }
}
