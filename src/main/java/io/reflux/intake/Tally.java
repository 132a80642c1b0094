package io.reflux.intake;

import io.reflux.wire.ProgressRecord;
import io.reflux.wire.Rejection;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import java.util.EnumMap;
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
    private final Map<String, Integer> newResults = new HashMap<>();
    private final Map<Rejection.Reason, Integer> newRejects = new EnumMap<>(Rejection.Reason.class);
    private long newBytes;
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

    /** @param outcome what became of it */
    void image(long recordOffset, int size, String outcome) {
        offset = recordOffset + 1;
        images++;
        bytes += size;
        newBytes += size;
        newResults.merge(outcome, 1, Integer::sum);
    }

    void reject(long recordOffset, Rejection.Reason reason) {
        offset = recordOffset + 1;
        rejects.merge(reason.text(), 1L, Long::sum);
        newRejects.merge(reason, 1, Integer::sum);
    }

    /** Hands on what was counted since the last time. */
    void drain(Harvest harvest) {
        newResults.forEach((outcome, number) -> harvest.count(key.feed(), outcome, number));
        newRejects.forEach((reason, number) -> harvest.reject(key.feed(), reason, number));
        harvest.weigh(key.feed(), newBytes);
        newResults.clear();
        newRejects.clear();
        newBytes = 0;
    }

    ProgressRecord record() {
        return new ProgressRecord(key, offset, images, bytes, rejects, incarnation);
    }
}
