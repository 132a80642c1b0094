package io.reflux.api;

import io.reflux.config.RefluxConfig;
import io.reflux.wire.ResetRecord;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Feeds. */
@Path("/api/v1/feeds")
@Tag(name = "Feeds", description = "Streams of images and the samples kept of them")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class FeedsResource {
    private final KnownFeeds feeds;
    private final FeedReports reports;
    private final ForgettingRequests requests;
    private final Callers callers;
    private final RefluxConfig config;

    @Inject
    FeedsResource(
            KnownFeeds feeds, FeedReports reports, ForgettingRequests requests, Callers callers, RefluxConfig config) {
        this.feeds = feeds;
        this.reports = reports;
        this.requests = requests;
        this.callers = callers;
        this.config = config;
    }

    /**
     * That a feed begins anew.
     *
     * @param incarnation that begins
     * @param deleted whether its generations and rounds go as well
     */
    public record Restarted(String feed, String incarnation, Instant time, boolean deleted) {}

    /** All feeds that the caller may read. */
    @GET
    @Operation(summary = "All feeds that are configured or have sent something")
    public List<FeedSummary> list() {
        Grants grants = callers.grants();
        return feeds.names().stream()
                .filter(grants::reads)
                .map(name -> FeedSummary.of(name, feeds.status(name)))
                .toList();
    }

    /** Everything about a feed. */
    @GET
    @Path("{feed}")
    @Operation(summary = "Images, rejects, sample, settings, round and generation of a feed")
    public FeedReport feed(@PathParam("feed") String feed) {
        return reports.of(feed, feeds.status(feed));
    }

    /** What decides the feed's sample and rounds. */
    @GET
    @Path("{feed}/settings")
    @Operation(summary = "The configuration of the feed's sample and rounds")
    public FeedConfiguration settings(@PathParam("feed") String feed) {
        feeds.status(feed);
        return FeedConfiguration.of(config, feed);
    }

    /** Lets a feed begin anew; its generations stay. */
    @POST
    @Path("{feed}/reset")
    @Operation(summary = "Forgets the sample, the counts and the settled settings; confirm has to be the feed's name")
    public Restarted reset(@PathParam("feed") String feed, @QueryParam("confirm") @Nullable String confirm) {
        feeds.status(feed);
        Parameters.confirmed(feed, confirm, "forgets the sample and the counts of feed '" + feed + "' for good");
        return restart(feed, false);
    }

    /** Forgets everything of a feed. */
    @DELETE
    @Path("{feed}")
    @Operation(summary = "Forgets a feed with its generations and rounds; confirm has to be the feed's name")
    public Restarted delete(@PathParam("feed") String feed, @QueryParam("confirm") @Nullable String confirm) {
        feeds.status(feed);
        Parameters.confirmed(
                feed, confirm, "forgets the sample, the generations and the rounds of feed '" + feed + "' for good");
        return restart(feed, true);
    }

    private Restarted restart(String feed, boolean delete) {
        ResetRecord reset = requests.forgetting().restart(feed, delete);
        return new Restarted(feed, reset.incarnation(), reset.time(), reset.deleted());
    }
}
