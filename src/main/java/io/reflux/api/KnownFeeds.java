package io.reflux.api;

import io.reflux.config.RefluxConfig;
import io.reflux.config.Role;
import io.reflux.feeds.FeedStatus;
import io.reflux.feeds.FeedView;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.SortedSet;

/** The feeds the API answers for; those of the topics, once they have been read. */
@Singleton
final class KnownFeeds {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final RefluxConfig config;
    private final FeedView view;

    @Inject
    KnownFeeds(RefluxConfig config, FeedView view) {
        this.config = config;
        this.view = view;
    }

    /** @throws ProblemException when this process has not the role, or has not read the topics in time */
    SortedSet<String> names() {
        requireReady();
        return view.names();
    }

    /** @throws ProblemException when there is no such feed, or as {@link #names()} */
    FeedStatus status(String feed) {
        requireReady();
        return view.feed(feed).orElseThrow(() -> ProblemException.unknownFeed(feed));
    }

    private void requireReady() {
        if (!config.roles().contains(Role.API)) {
            throw ProblemException.notHere();
        }
        if (!view.awaitCaughtUp(PATIENCE)) {
            throw ProblemException.starting();
        }
    }
}
