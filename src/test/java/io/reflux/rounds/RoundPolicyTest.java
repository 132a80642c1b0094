package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.feeds.RoundTicket;
import io.reflux.feeds.RoundTicket.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RoundPolicyTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final RoundPolicy POLICY = new RoundPolicy(1000, Duration.ofHours(1), 10);
    private static final Map<String, Integer> ENOUGH = Map.of("a", 10, "b", 300);

    @Test
    void nothingIsDueBeforeCountAndTime() {
        assertThat(due(feed("f", 999, 0, NOON.minusSeconds(3599), ENOUGH))).isEmpty();
    }

    @Test
    void isDueByCountOfNewImages() {
        assertThat(due(feed("f", 1500, 500, NOON, ENOUGH)))
                .hasValueSatisfying(ticket -> assertThat(ticket.trigger()).isEqualTo(Trigger.COUNT));
        assertThat(due(feed("f", 1499, 500, NOON, ENOUGH))).isEmpty();
    }

    @Test
    void isDueByTimeOnceThereAreNewImages() {
        Instant last = NOON.minusSeconds(3600);

        assertThat(due(feed("f", 1, 0, last, ENOUGH))).hasValueSatisfying(ticket -> {
            assertThat(ticket.trigger()).isEqualTo(Trigger.TIME);
            assertThat(ticket.since()).isEqualTo(NOON);
        });
        assertThat(due(feed("f", 1, 1, last, ENOUGH))).isEmpty();
    }

    @Test
    void neverStartsByItselfWithOneClassOrTooFewImagesOfAny() {
        assertThat(due(feed("f", 5000, 0, NOON, Map.of("a", 300)))).isEmpty();
        assertThat(due(feed("f", 5000, 0, NOON, Map.of("a", 300, "b", 9)))).isEmpty();
        assertThat(due(feed("f", 5000, 0, NOON, Map.of()))).isEmpty();
    }

    @Test
    void aRequestNeedsNeitherCountNorPatience() {
        RoundTicket request = new RoundTicket("f", "r1", Trigger.REQUEST, NOON);
        FeedState state = new FeedState("f", true, 0, 0, NOON, request, Map.of(), NOON.plusSeconds(60));

        assertThat(due(state)).contains(request);
    }

    @Test
    void waitsUntilTheReservoirIsRestored() {
        RoundTicket request = new RoundTicket("f", "r1", Trigger.REQUEST, NOON);

        assertThat(due(new FeedState("f", false, 5000, 0, NOON, request, ENOUGH, null)))
                .isEmpty();
    }

    @Test
    void holdsBackAfterAFailure() {
        FeedState state = new FeedState("f", true, 5000, 0, NOON, null, ENOUGH, NOON.plusSeconds(1));

        assertThat(due(state)).isEmpty();
        assertThat(POLICY.due(List.of(state), NOON.plusSeconds(1))).isPresent();
    }

    @Test
    void takesTheFeedThatHasBeenDueLongest() {
        FeedState young = feed("a", 5000, 0, NOON.minusSeconds(10), ENOUGH);
        FeedState old = feed("b", 5000, 0, NOON.minusSeconds(20), ENOUGH);
        FeedState same = feed("c", 5000, 0, NOON.minusSeconds(20), ENOUGH);

        assertThat(POLICY.due(List.of(young, same, old), NOON).map(RoundTicket::feed))
                .contains("b");
    }

    @Test
    void countAndTimeCanBeSwitchedOff() {
        RoundPolicy onRequest = new RoundPolicy(0, null, 1);

        assertThat(onRequest.due(List.of(feed("f", 1_000_000, 0, Instant.EPOCH, ENOUGH)), NOON))
                .isEmpty();
    }

    private static Optional<RoundTicket> due(FeedState state) {
        return POLICY.due(List.of(state), NOON);
    }

    private static FeedState feed(String name, long images, long atLast, Instant last, Map<String, Integer> sample) {
        return new FeedState(name, true, images, atLast, last, null, sample, null);
    }
}
