package io.reflux.api;

import io.reflux.stream.RefluxConfig;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Feeds. */
@Path("/api/v1/feeds")
@Tag(name = "Feeds", description = "Streams of images and the samples kept of them")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class FeedsResource {
    private final KnownFeeds feeds;
    private final RefluxConfig config;

    @Inject
    FeedsResource(KnownFeeds feeds, RefluxConfig config) {
        this.feeds = feeds;
        this.config = config;
    }

    /** All feeds. */
    @GET
    @Operation(summary = "All feeds that are configured or have sent something")
    public List<FeedSummary> list() {
        return feeds.names().stream()
                .map(name -> FeedSummary.of(name, feeds.status(name)))
                .toList();
    }

    /** Everything about a feed. */
    @GET
    @Path("{feed}")
    @Operation(summary = "Images, rejects, sample, settings, round and generation of a feed")
    public FeedReport feed(@PathParam("feed") String feed) {
        return FeedReport.of(feed, feeds.status(feed));
    }

    /** What decides the feed's sample and rounds. */
    @GET
    @Path("{feed}/settings")
    @Operation(summary = "The configuration of the feed's sample and rounds")
    public FeedConfiguration settings(@PathParam("feed") String feed) {
        feeds.status(feed);
        return FeedConfiguration.of(config, feed);
    }
}
