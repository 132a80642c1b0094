package io.reflux.stream;

import io.reflux.wire.ProgressRecord;
import io.reflux.wire.Rejection;
import io.reflux.wire.ReservoirKey;
import java.util.Map;
import java.util.TreeMap;

/** The running counts of one feed in one partition of the images topic. */
final class Tally {
    private final ReservoirKey.OfProgress key;
    private long offset;
    private long images;
    private long bytes;
    private final Map<String, Long> rejects = new TreeMap<>();

    Tally(ReservoirKey.OfProgress key) {
        this.key = key;
    }

    /** The feed whose records it counts. */
    String feed() {
        return key.feed();
    }

    /** Takes over what another has counted further. */
    void advance(ProgressRecord progress) {
        if (progress.offset() > offset) {
            offset = progress.offset();
            images = progress.images();
            bytes = progress.bytes();
            rejects.clear();
            rejects.putAll(progress.rejects());
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

    ProgressRecord record() {
        return new ProgressRecord(key, offset, images, bytes, rejects);
    }
}
