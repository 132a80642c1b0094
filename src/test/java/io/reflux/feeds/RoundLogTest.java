package io.reflux.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoundLogTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private final RoundLog log = new RoundLog();

    @Test
    void keepsARequestOpenThroughACrashOfItsOwner() {
        take(Type.REQUESTED, "r1", RoundDetail.NONE);
        take(Type.STARTED, "r1", RoundDetail.started("request", 500));

        assertThat(log.request().map(RoundTicket::id)).contains("r1");
        assertThat(log.current().map(RoundEvent::round)).contains("r1");
    }

    @Test
    void keepsARequestOpenWhenItsOwnerLetsGo() {
        take(Type.REQUESTED, "r1", RoundDetail.NONE);
        take(Type.STARTED, "r1", RoundDetail.started("request", 500));
        take(Type.CANCELLED, "r1", RoundDetail.cancelled("the process stops", true, Map.of()));

        assertThat(log.request()).isPresent();
        assertThat(log.current()).isEmpty();
        assertThat(log.imagesAtLastRound()).isZero();
    }

    @Test
    void closesARequestWhenItsRoundEnds() {
        for (Type end : new Type[] {Type.FINISHED, Type.REFUSED, Type.CANCELLED, Type.FAILED}) {
            take(Type.REQUESTED, end.name(), RoundDetail.NONE);
            take(Type.STARTED, end.name(), RoundDetail.started("request", 500));
            take(end, end.name(), RoundDetail.NONE);

            assertThat(log.request()).as(end.text()).isEmpty();
            assertThat(log.lastEnd().map(RoundEvent::type)).contains(end);
        }
    }

    @Test
    void changesNothingWhenEventsOfAnEndedRoundComeAgain() {
        take(Type.STARTED, "r1", RoundDetail.started("count", 500));
        take(Type.FAILED, "r1", RoundDetail.failed("disk full", Map.of()));
        take(Type.STARTED, "r1", RoundDetail.started("count", 500));
        take(Type.FAILED, "r1", RoundDetail.failed("disk full", Map.of()));

        assertThat(log.current()).isEmpty();
        assertThat(log.failures()).isEqualTo(1);
    }

    @Test
    void countsImagesFromTheLastRoundThatDidNotFail() {
        take(Type.STARTED, "r1", RoundDetail.started("count", 500));
        take(Type.REFUSED, "r1", RoundDetail.refused("no better", null, Map.of()));
        take(Type.STARTED, "r2", RoundDetail.started("count", 900));
        take(Type.FAILED, "r2", RoundDetail.failed("disk full", Map.of()));

        assertThat(log.imagesAtLastRound()).isEqualTo(500);
        assertThat(log.failures()).isEqualTo(1);
    }

    @Test
    void remembersWhichRoundsShallStop() {
        take(Type.REQUESTED, "r1", RoundDetail.NONE);
        take(Type.CANCEL_REQUESTED, "r1", RoundDetail.NONE);

        assertThat(log.cancelRequested("r1")).isTrue();
        assertThat(log.cancelRequested("r2")).isFalse();
        take(Type.CANCELLED, "r1", RoundDetail.cancelled("asked", false, Map.of()));
        assertThat(log.cancelRequested("r1")).isFalse();
    }

    private void take(Type type, String round, RoundDetail detail) {
        log.take(RoundEvent.of(type, "feed", round, NOON, detail));
    }
}
