package io.reflux.intake;

import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of image records leads to.
 *
 * @param kept goes to the reservoir topic
 * @param deadLetters goes to the dead letters
 * @param progress goes to the reservoir topic when all of those are acknowledged
 * @param origins headers of the records that {@code kept} were made of, in its order
 * @param results number of records by feed and result
 * @param bytes of the record values, by feed
 */
record Harvest(
        List<KeptImage> kept,
        List<RejectedRecord> deadLetters,
        List<ProgressRecord> progress,
        List<Headers> origins,
        Map<Result, Integer> results,
        Map<String, Long> bytes) {
    static final String REJECTED = "rejected";

    Harvest() {
        this(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new HashMap<>(),
                new HashMap<>());
    }

    /**
     * What became of a record.
     *
     * @param outcome kept, passed, erased, class-limit or rejected
     * @param reason why it was rejected; null of any other
     */
    record Result(String feed, String outcome, Rejection.@Nullable Reason reason) {
        Result(String feed, String outcome) {
            this(feed, outcome, null);
        }
    }

    void keep(KeptImage image, Headers origin) {
        kept.add(image);
        origins.add(origin);
    }

    /** Counts images of a feed that came to the same. */
    void count(String feed, String outcome, int number) {
        results.merge(new Result(feed, outcome), number, Integer::sum);
    }

    /** Counts records of a feed that were rejected for the same reason. */
    void reject(String feed, Rejection.Reason reason, int number) {
        results.merge(new Result(feed, REJECTED, reason), number, Integer::sum);
    }

    /** Counts the bytes of images of a feed. */
    void weigh(String feed, long size) {
        bytes.merge(feed, size, Long::sum);
    }
}
