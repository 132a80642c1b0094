package io.reflux.rounds;

import io.reflux.feeds.RoundTicket;
import io.reflux.feeds.RoundTicket.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which feed's round starts next; knows nothing but what it is given.
 *
 * @param everyImages new images that make a round due; 0: never by count
 * @param every time since the last round that makes one due; null: never by time
 * @param minimumPerClass kept images every class of the sample needs before a round nobody asked for
 */
public record RoundPolicy(long everyImages, @Nullable Duration every, int minimumPerClass) {
    /**
     * The round that starts now: of all due ones the one that has been due longest, then by feed. The caller runs one
     * at a time.
     */
    public Optional<RoundTicket> due(Collection<FeedState> feeds, Instant now) {
        return feeds.stream()
                .filter(FeedState::restored)
                .flatMap(feed -> due(feed, now).stream())
                .min(Comparator.comparing(RoundTicket::since).thenComparing(RoundTicket::feed));
    }

    private Optional<RoundTicket> due(FeedState feed, Instant now) {
        if (feed.request() != null) {
            return Optional.of(feed.request());
        }
        if (!ripe(feed) || feed.notBefore() != null && now.isBefore(feed.notBefore())) {
            return Optional.empty();
        }
        return Stream.concat(byTime(feed, now), byCount(feed)).min(Comparator.comparing(RoundTicket::since));
    }

    private boolean ripe(FeedState feed) {
        return feed.sample().size() > 1
                && feed.images() > feed.imagesAtLastRound()
                && feed.sample().values().stream().allMatch(kept -> kept >= minimumPerClass);
    }

    private Stream<RoundTicket> byTime(FeedState feed, Instant now) {
        if (every == null || feed.lastRound().plus(every).isAfter(now)) {
            return Stream.empty();
        }
        return Stream.of(RoundTicket.automatic(
                feed.feed(), Trigger.TIME, feed.lastRound().plus(every)));
    }

    // Nobody knows when the count was reached; the feed whose last round is older has waited longer.
    private Stream<RoundTicket> byCount(FeedState feed) {
        if (everyImages == 0 || feed.images() - feed.imagesAtLastRound() < everyImages) {
            return Stream.empty();
        }
        return Stream.of(RoundTicket.automatic(feed.feed(), Trigger.COUNT, feed.lastRound()));
    }
}
