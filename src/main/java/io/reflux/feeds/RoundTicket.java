package io.reflux.feeds;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * What identifies a round.
 *
 * @param feed it distils
 * @param id unique
 * @param trigger why it runs
 * @param since when it became due
 */
public record RoundTicket(String feed, String id, Trigger trigger, Instant since) {
    /** Why a round runs. */
    public enum Trigger {
        REQUEST,
        COUNT,
        TIME;

        /** Lower case. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A ticket nobody asked for by id. */
    public static RoundTicket automatic(String feed, Trigger trigger, Instant since) {
        return new RoundTicket(feed, UUID.randomUUID().toString(), trigger, since);
    }
}
