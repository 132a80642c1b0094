package io.reflux.api;

import io.reflux.stream.FeedStatus;
import io.reflux.wire.RoundEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;

/** Feeds and their rounds. */
@Path("/api/v1/feeds")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class FeedsResource {
    private final KnownFeeds feeds;
    private final RoundRequests requests;

    @Inject
    FeedsResource(KnownFeeds feeds, RoundRequests requests) {
        this.feeds = feeds;
        this.requests = requests;
    }

    /** All feeds. */
    @GET
    public List<FeedSummary> list() {
        return feeds.names().stream()
                .map(name -> FeedSummary.of(name, feeds.status(name)))
                .toList();
    }

    /** Everything about a feed. */
    @GET
    @Path("{feed}")
    public FeedReport feed(@PathParam("feed") String feed) {
        return FeedReport.of(feed, feeds.status(feed));
    }

    /** The round that is running or requested. */
    @GET
    @Path("{feed}/rounds/current")
    public RoundReport round(@PathParam("feed") String feed) {
        return RoundReport.of(feeds.status(feed).rounds()).orElseThrow(() -> ProblemException.noRound(feed));
    }

    /** Asks for a round; it begins when its turn comes. */
    @POST
    @Path("{feed}/rounds")
    public Response request(@PathParam("feed") String feed, @Context UriInfo uri) {
        feeds.status(feed);
        RoundEvent event = requests.request(feed);
        URI location = uri.getAbsolutePathBuilder().path("current").build();
        return Response.accepted(new Requested(feed, event.round()))
                .location(location)
                .build();
    }

    /** Asks the running or requested round to stop. */
    @DELETE
    @Path("{feed}/rounds/current")
    public Response cancel(@PathParam("feed") String feed) {
        FeedStatus status = feeds.status(feed);
        String round = RoundReport.of(status.rounds())
                .map(RoundReport::round)
                .orElseThrow(() -> ProblemException.noRound(feed));
        requests.cancel(feed, round);
        return Response.accepted(new Requested(feed, round)).build();
    }

    /** What was asked for, of which round. */
    public record Requested(String feed, String round) {}
}
