package io.reflux.api;

import io.reflux.feeds.FeedStatus;
import io.reflux.intake.ImagesLag;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Reports of feeds, from what the topics and the broker say. */
@Singleton
final class FeedReports {
    private final ImagesLag lag;

    @Inject
    FeedReports(ImagesLag lag) {
        this.lag = lag;
    }

    FeedReport of(String feed, FeedStatus status) {
        return FeedReport.of(feed, status, lag.waiting());
    }
}
