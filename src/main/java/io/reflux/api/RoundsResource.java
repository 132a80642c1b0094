package io.reflux.api;

import io.reflux.feeds.FeedStatus;
import io.reflux.feeds.RoundHistory;
import io.reflux.feeds.RoundRecord;
import io.reflux.wire.RoundEvent;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The rounds of a feed. */
@Path("/api/v1/feeds/{feed}/rounds")
@Tag(name = "Rounds", description = "Distillations: asked for, running and past")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class RoundsResource {
    private static final int USUAL_LIMIT = 50;
    private final KnownFeeds feeds;
    private final RoundRequests requests;

    @Inject
    RoundsResource(KnownFeeds feeds, RoundRequests requests) {
        this.feeds = feeds;
        this.requests = requests;
    }

    /** The last rounds, newest first. */
    @GET
    @Operation(summary = "The last rounds, newest first, with outcome, durations, accuracies and offsets covered")
    public List<RoundRecord> list(@PathParam("feed") String feed, @QueryParam("limit") @Nullable String limit) {
        return feeds.status(feed).history().rounds().stream()
                .limit(Parameters.positive("limit", limit, USUAL_LIMIT))
                .map(RoundRecord::brief)
                .toList();
    }

    /** A round of late. */
    @GET
    @Path("{round}")
    @Operation(summary = "One of the last rounds, with its whole configuration")
    public RoundRecord round(@PathParam("feed") String feed, @PathParam("round") String round) {
        return feeds.status(feed).history().round(round).orElseThrow(() -> ProblemException.unknownRound(feed, round));
    }

    /** The round that is running or requested. */
    @GET
    @Path("current")
    @Operation(summary = "The round that is running or waits: stage, iteration, loss, time left")
    public RoundReport current(@PathParam("feed") String feed) {
        return RoundReport.of(feeds.status(feed)).orElseThrow(() -> ProblemException.noRound(feed));
    }

    /** The matching loss of the round that matched last. */
    @GET
    @Path("current/loss")
    @Operation(summary = "Matching loss by iteration of the running round, or else of the last")
    public List<RoundHistory.LossPoint> loss(@PathParam("feed") String feed) {
        return feeds.status(feed).history().curve();
    }

    /** Asks for a round; it begins when its turn comes. */
    @POST
    @LimitedRounds
    @Operation(summary = "Asks for a round")
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
    @Path("current")
    @Operation(summary = "Asks the running or waiting round to stop")
    public Response cancel(@PathParam("feed") String feed) {
        FeedStatus status = feeds.status(feed);
        String round = RoundReport.of(status).map(RoundReport::round).orElseThrow(() -> ProblemException.noRound(feed));
        requests.cancel(feed, round);
        return Response.accepted(new Requested(feed, round)).build();
    }

    /** What was asked for, of which round. */
    public record Requested(String feed, String round) {}
}
