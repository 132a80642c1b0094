package io.reflux.sample;

import java.util.Comparator;

/**
 * An image that may be kept. Label and identity name it: two candidates of one name differ at most in their payload.
 *
 * @param label its class
 * @param identity who it is
 * @param priority see {@link Priority}; small ones are kept
 * @param timeMillis when it was taken, in milliseconds since 1970
 * @param contentHash see {@link HoldOut#contentHash}
 * @param heldOut whether its content says that it is for evaluation only, see {@link HoldOut#holds(long)}
 * @param payload where its pixels are
 */
public record Candidate<T>(
        String label,
        Identity identity,
        double priority,
        long timeMillis,
        long contentHash,
        boolean heldOut,
        T payload) {
    /** By priority, ties by identity and label. */
    static final Comparator<Candidate<?>> SMALLEST_FIRST = Comparator.<Candidate<?>>comparingDouble(Candidate::priority)
            .thenComparing(Candidate::identity)
            .thenComparing(Candidate::label);

    /** By label, then identity: the order of a snapshot, which no arrival order changes. */
    static final Comparator<Candidate<?>> BY_NAME =
            Comparator.<Candidate<?>, String>comparing(Candidate::label).thenComparing(Candidate::identity);

    public Candidate {
        if (Double.isNaN(priority)) {
            throw new IllegalArgumentException("image " + identity + " has no number as its priority");
        }
    }
}
