package io.reflux.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.reflux.wire.RoundOrigin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RoundHistoryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private final RoundHistory history = new RoundHistory();

    @Test
    void tellsWhatARoundWorkedOnHoweverItEnded() {
        for (Type end : List.of(Type.FINISHED, Type.REFUSED, Type.CANCELLED, Type.FAILED)) {
            String round = end.text();
            take(Type.STARTED, round, RoundDetail.started("count", 100));
            take(Type.PROGRESS, round, RoundDetail.sampled("sampling", origin(7, "42")));
            take(end, round, RoundDetail.failed("", Map.of()));

            RoundRecord record = history.round(round).orElseThrow();
            assertThat(record.state()).isEqualTo(round);
            assertThat(record.origin()).isEqualTo(origin(7, "42"));
            assertThat(record.brief().origin()).isEqualTo(origin(7, "42").brief());
        }
    }

    @Test
    void aRoundThatBeginsAnewIsOfItsNewSample() {
        take(Type.STARTED, "r", RoundDetail.started("count", 100));
        take(Type.PROGRESS, "r", RoundDetail.sampled("sampling", origin(7, "42")));
        take(Type.STARTED, "r", RoundDetail.started("count", 120));

        assertThat(history.round("r").orElseThrow().origin()).isNull();
    }

    @Test
    void holdsEqualConfigurationsOnce() {
        for (String round : List.of("a", "b", "c")) {
            take(Type.PROGRESS, round, RoundDetail.sampled("sampling", origin(7, round.equals("c") ? "43" : "42")));
        }

        assertThat(configuration("b")).isSameAs(configuration("a"));
        assertThat(configuration("c")).isEqualTo(new TreeMap<>(Map.of("reflux.distillation.seed", "43")));
    }

    private Object configuration(String round) {
        return history.round(round).orElseThrow().origin().configuration();
    }

    private static RoundOrigin origin(long offset, String seed) {
        return new RoundOrigin(
                new TreeMap<>(Map.of(0, offset)),
                Long.parseLong(seed),
                "1.0",
                new TreeMap<>(Map.of("reflux.distillation.seed", seed)));
    }

    private void take(Type type, String round, RoundDetail detail) {
        history.take(RoundEvent.of(type, "feed", round, NOON, detail));
    }
}
