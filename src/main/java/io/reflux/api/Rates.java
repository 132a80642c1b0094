package io.reflux.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/** How often each caller may do one thing: a bucket of a minute's worth that fills evenly. */
final class Rates {
    private static final Duration PERIOD = Duration.ofMinutes(1);

    /** An idle caller's bucket is full again by then. */
    private static final Duration REMEMBERED = PERIOD.multipliedBy(2);

    private static final int MOST_CALLERS = 10_000;
    private final String property;
    private final int aMinute;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder()
            .maximumSize(MOST_CALLERS)
            .expireAfterAccess(REMEMBERED)
            .build();

    /**
     * @param property that sets it
     * @param aMinute calls; 0: any number
     */
    Rates(String property, int aMinute) {
        this.property = property;
        this.aMinute = aMinute;
    }

    /** @throws ProblemException when it is too often, saying when it may be tried again */
    void take(String caller) {
        if (aMinute == 0) {
            return;
        }
        ConsumptionProbe probe = buckets.get(caller, unseen -> full()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            long seconds = Duration.ofNanos(probe.getNanosToWaitForRefill()).toSeconds() + 1;
            throw ProblemException.tooOften(property, aMinute, seconds);
        }
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(aMinute).refillGreedy(aMinute, PERIOD))
                .build();
    }
}
