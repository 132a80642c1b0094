package io.reflux.stream;

import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import java.util.List;
import java.util.Map;

/**
 * What a batch of image records leads to.
 *
 * @param kept goes to the reservoir topic
 * @param deadLetters goes to the dead letters
 * @param progress goes to the reservoir topic when all of those are acknowledged
 * @param results number of records by feed and result: kept, passed, or why rejected
 */
record Harvest(
        List<KeptImage> kept,
        List<RejectedRecord> deadLetters,
        List<ProgressRecord> progress,
        Map<Result, Integer> results) {
    /** What became of a record. */
    record Result(String feed, String outcome) {}

    void count(String feed, String outcome, int number) {
        results.merge(new Result(feed, outcome), number, Integer::sum);
    }
}
