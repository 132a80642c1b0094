package io.reflux.api;

import io.reflux.wire.RoundEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the last round ended.
 *
 * @param round its id
 * @param outcome {@code finished}, {@code refused}, {@code cancelled} or {@code failed}
 * @param reason why, unless it finished
 * @param time of its end
 */
public record LastRound(
        String round, String outcome, @Nullable String reason, Instant time) {
    static LastRound of(RoundEvent event) {
        return new LastRound(event.round(), event.type().text(), event.detail().reason(), event.time());
    }
}
