package io.reflux.stream;

import io.reflux.wire.ProgressRecord;
import io.reflux.wire.Rejection;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The running counts of one feed in one partition of the images topic. */
final class Tally {
    private final ReservoirKey.OfProgress key;
    private long offset;
    private long images;
    private long bytes;
    private final Map<String, Long> rejects = new TreeMap<>();
    private final Map<String, Integer> results = new HashMap<>();
    private String incarnation = "";

    /** @param reset the feed's last one, or null */
    Tally(ReservoirKey.OfProgress key, @Nullable ResetRecord reset) {
        this.key = key;
        if (reset != null) {
            restart(reset);
        }
    }

    /** Counts from zero: from the offset of the reset on, or from here if that is further. */
    void restart(ResetRecord reset) {
        offset = Math.max(offset, reset.offsets().getOrDefault(key.partition(), 0L));
        images = 0;
        bytes = 0;
        rejects.clear();
        incarnation = reset.incarnation();
    }

    /**
     * Takes over what another has counted further. Of counts of another incarnation only the offset matters, and that
     * only until something is counted in the present one.
     *
     * @param present incarnation of the feed
     */
    void advance(ProgressRecord progress, String present) {
        if (!progress.incarnation().equals(present)) {
            boolean counted = images > 0 || !rejects.isEmpty();
            offset = counted ? offset : Math.max(offset, progress.offset());
        } else if (progress.offset() > offset) {
            offset = progress.offset();
            images = progress.images();
            bytes = progress.bytes();
            rejects.clear();
            rejects.putAll(progress.rejects());
            incarnation = present;
        }
    }

    /** Whether the record at this offset is counted already. */
    boolean covers(long recordOffset) {
        return recordOffset < offset;
    }

    void image(long recordOffset, int size) {
        offset = recordOffset + 1;
        images++;
        bytes += size;
    }

    void reject(long recordOffset, Rejection.Reason reason) {
        offset = recordOffset + 1;
        rejects.merge(reason.text(), 1L, Long::sum);
    }

    /** Notes what became of a record, until it is drained. */
    void result(String outcome) {
        results.merge(outcome, 1, Integer::sum);
    }

    /** Hands on what became of records since the last time. */
    void drain(Harvest harvest) {
        results.forEach((outcome, number) -> harvest.count(key.feed(), outcome, number));
        results.clear();
    }

    ProgressRecord record() {
        return new ProgressRecord(key, offset, images, bytes, rejects, incarnation);
    }
}
