package io.reflux.rounds;

import io.reflux.feeds.RoundTicket;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that decides whether a feed's round is due.
 *
 * @param feed its name
 * @param restored whether its owner has read the reservoir to the end
 * @param images seen since the feed began
 * @param imagesAtLastRound seen when its last round began; 0 before the first
 * @param lastRound when its last round ended, or when the feed was first seen
 * @param request the oldest request still open, or null
 * @param sample kept images, a class
 * @param notBefore no round nobody asked for starts earlier, after a failed or refused one; or null
 */
public record FeedState(
        String feed,
        boolean restored,
        long images,
        long imagesAtLastRound,
        Instant lastRound,
        @Nullable RoundTicket request,
        Map<String, Integer> sample,
        @Nullable Instant notBefore) {
    public FeedState {
        sample = Map.copyOf(sample);
    }
}
