package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.wire.Rejection;
import io.reflux.wire.Rejection.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class RejectionLogTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> lines = new ArrayList<>();
    private final RejectionLog log = new RejectionLog(now::get, lines::add);

    @Test
    void tellsTheFirstAtOnceAndTheOthersTogether() {
        log.note(rejected(7, Reason.LABEL_MISSING));
        for (int batch = 0; batch < 1_000; batch++) {
            log.note(rejected(8 + batch, Reason.UNDECODABLE, Reason.LABEL_MISSING));
        }
        assertThat(lines).containsExactly("1 record was dead-lettered (label-missing 1), last images-2@7: why");

        now.addAndGet(RejectionLog.INTERVAL.toNanos());
        log.note(List.of());

        assertThat(lines.subList(1, lines.size()))
                .containsExactly("2000 records were dead-lettered (label-missing 1000, undecodable 1000), last"
                        + " images-2@1007: why");
    }

    @Test
    void saysNothingWhereNothingIsRejected() {
        now.addAndGet(Duration.ofDays(1).toNanos());
        log.note(List.of());

        assertThat(lines).isEmpty();
    }

    private static List<RejectedRecord> rejected(long offset, Reason... reasons) {
        return Stream.of(reasons)
                .map(reason -> new RejectedRecord(
                        new ConsumerRecord<>("images", 2, offset, null, null), new Rejection(reason, "why")))
                .toList();
    }
}
