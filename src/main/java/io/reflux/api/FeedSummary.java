package io.reflux.api;

import io.reflux.feeds.FeedStatus;
import org.jspecify.annotations.Nullable;

/**
 * A feed in a list.
 *
 * @param feed its name
 * @param images taken since it began
 * @param bytes of their record values
 * @param generation current one; absent before the first
 */
public record FeedSummary(
        String feed, long images, long bytes, @Nullable Long generation) {
    static FeedSummary of(String feed, FeedStatus status) {
        return new FeedSummary(
                feed,
                status.images(),
                status.bytes(),
                status.current().map(found -> found.manifest().generation()).orElse(null));
    }
}
