package io.reflux.sample;

import java.util.List;

/**
 * What a batch of candidates changes in a reservoir.
 *
 * @param admitted candidates that are new in it, by label and identity
 * @param evicted what falls out of it, by label and identity; of each a tombstone tells those who rebuild it
 */
public record Plan<T>(List<Candidate<T>> admitted, List<Candidate<T>> evicted) {
    public Plan {
        admitted = List.copyOf(admitted);
        evicted = List.copyOf(evicted);
    }

    /** Whether the batch changes nothing. */
    public boolean isEmpty() {
        return admitted.isEmpty() && evicted.isEmpty();
    }
}
