package io.reflux.api;

import io.reflux.feeds.FeedStatus;
import io.reflux.feeds.RoundTicket;
import io.reflux.wire.RoundEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A round that is running or requested.
 *
 * @param round its id
 * @param state {@code requested} or {@code running}
 * @param stage it is in; absent before the first
 * @param done units of the stage done
 * @param total units of the stage
 * @param loss of the last unit
 * @param secondsLeft of the stage, by its pace so far; absent while that is unknown
 * @param time of the last event
 */
public record RoundReport(
        String round,
        String state,
        @Nullable String stage,
        @Nullable Long done,
        @Nullable Long total,
        @Nullable Double loss,
        @Nullable Double secondsLeft,
        Instant time) {
    /** The running round, else the one requested first. */
    static Optional<RoundReport> of(FeedStatus status) {
        OptionalDouble left = status.history().secondsLeft();
        Double seconds = left.isPresent() ? left.getAsDouble() : null;
        return status.rounds().current().map(event -> running(event, seconds)).or(() -> status.rounds()
                .request()
                .map(RoundReport::requested));
    }

    private static RoundReport running(RoundEvent event, @Nullable Double secondsLeft) {
        return new RoundReport(
                event.round(),
                "running",
                event.detail().stage(),
                event.detail().done(),
                event.detail().total(),
                event.detail().loss(),
                secondsLeft,
                event.time());
    }

    private static RoundReport requested(RoundTicket ticket) {
        return new RoundReport(ticket.id(), "requested", null, null, null, null, null, ticket.since());
    }
}
