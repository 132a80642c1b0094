package io.reflux.api;

import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of published generations: to stay, to stay no longer, to be the current one again. The feed's owner does
 * it, in one transaction with its answer; while it is away the request stays open.
 */
@Path("/api/v1/feeds/{feed}/generations/{generation}")
@Tag(name = "Generations", description = "Distilled sets and where they come from")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class GenerationOrders {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Generations generations;
    private final KnownFeeds feeds;
    private final RoundRequests requests;

    @Inject
    GenerationOrders(Generations generations, KnownFeeds feeds, RoundRequests requests) {
        this.generations = generations;
        this.feeds = feeds;
        this.requests = requests;
    }

    /**
     * What became of what was asked.
     *
     * @param state {@code pinned}, {@code unpinned}, {@code rolled-back}, or what was asked while nobody has answered
     */
    public record Ordered(String feed, long generation, String state) {}

    /** Lets a generation stay however many follow. */
    @PUT
    @Path("pin")
    @Operation(summary = "Pins a generation: it stays however many follow")
    public Response pin(@PathParam("feed") String feed, @PathParam("generation") String generation) {
        return ask(Type.PIN_REQUESTED, feed, number(feed, generation));
    }

    /** Lets a generation go when its turn comes. */
    @DELETE
    @Path("pin")
    @Operation(summary = "Unpins a generation: it goes when its turn comes")
    public Response unpin(@PathParam("feed") String feed, @PathParam("generation") String generation) {
        return ask(Type.UNPIN_REQUESTED, feed, number(feed, generation));
    }

    /** Makes a generation the current one again. */
    @POST
    @Path("rollback")
    @Operation(summary = "Goes back to a generation: it becomes the current one; confirm has to be the feed's name")
    public Response rollBack(
            @PathParam("feed") String feed,
            @PathParam("generation") String generation,
            @QueryParam("confirm") @Nullable String confirm) {
        long number = number(feed, generation);
        Parameters.confirmed(feed, confirm, "makes generation " + number + " of feed '" + feed + "' the current one");
        return ask(Type.ROLLBACK_REQUESTED, feed, number);
    }

    private long number(String feed, String generation) {
        return generations.published(feed, generation).manifest().generation();
    }

    private Response ask(Type type, String feed, long generation) {
        RoundEvent request = requests.ask(type, feed, generation);
        Optional<RoundEvent> answer = answer(feed, request.round());
        if (answer.isEmpty()) {
            return Response.accepted(new Ordered(feed, generation, type.text())).build();
        }
        RoundEvent given = answer.get();
        if (given.type() == Type.DECLINED) {
            throw ProblemException.declined(String.valueOf(given.detail().reason()));
        }
        return Response.ok(new Ordered(feed, generation, given.type().text())).build();
    }

    private Optional<RoundEvent> answer(String feed, String request) {
        try {
            return feeds.status(feed).answers().await(request, PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
