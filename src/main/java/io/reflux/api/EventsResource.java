package io.reflux.api;

import io.reflux.feeds.FeedView;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.core.eventbus.EventBus;
import io.vertx.mutiny.core.eventbus.Message;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events. Each event tells a whole state, not a change, and a new connection begins with the present one, so
 * nothing has to be caught up after a lost connection.
 */
@Path("/api/v1/events")
@Tag(name = "Events", description = "What changes, as server-sent events")
public class EventsResource {
    private static final Duration PACE = Duration.ofMillis(250);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);
    private final KnownFeeds feeds;
    private final FeedReports reports;
    private final Callers callers;
    private final EventBus bus;

    @Inject
    EventsResource(KnownFeeds feeds, FeedReports reports, Callers callers, EventBus bus) {
        this.feeds = feeds;
        this.reports = reports;
        this.callers = callers;
        this.bus = bus;
    }

    /**
     * Events named {@code summary} with the summary of each feed, and, of a single feed, events named {@code feed} with
     * its whole report; at most four a second for each feed. A comment every ten seconds shows that the connection lives.
     * When the caller's token expires an event named {@code expired} says so, and the stream ends.
     *
     * @param feed whose reports are wanted; absent: summaries of all feeds
     * @param summaries whether summaries of all feeds are wanted beside the reports of one
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "Present state and every change: reports of one feed, summaries of all, or both")
    public Multi<OutboundSseEvent> events(
            @QueryParam("feed") @Nullable String feed, @QueryParam("summaries") boolean summaries, @Context Sse sse) {
        Grants grants = callers.grants();
        if (feed != null && !grants.reads(feed)) {
            throw ProblemException.unreadable(feed);
        }
        requireKnown(feed);
        Wish wish = new Wish(feed, summaries || feed == null, grants);
        Multi<OutboundSseEvent> changes = bus.<String>consumer(FeedView.CHANGED)
                .toMulti()
                .map(Message::body)
                .filter(wish::concerns)
                .group()
                .intoLists()
                .every(PACE)
                .onOverflow()
                .drop()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .onItem()
                .transformToIterable(HashSet::new)
                .onItem()
                .transformToIterable(name -> events(sse, name, wish));
        Multi<OutboundSseEvent> beats = Multi.createFrom()
                .ticks()
                .every(HEARTBEAT)
                .onOverflow()
                .drop()
                .map(tick -> sse.newEventBuilder().comment("").build());
        // Read after the subscription to changes, so that none falls between.
        Multi<OutboundSseEvent> present = Multi.createFrom()
                .deferred(() -> Multi.createFrom().iterable(feeds.names()))
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .filter(wish::concerns)
                .onItem()
                .transformToIterable(name -> events(sse, name, wish));
        Multi<OutboundSseEvent> all = Multi.createBy().merging().streams(changes, beats, present);
        return callers.until().map(end -> until(end, all, sse)).orElse(all);
    }

    /**
     * What a token lets hear, and that it has expired. Each event looks at the clock as well: timers stand still while a
     * machine sleeps.
     */
    private static Multi<OutboundSseEvent> until(Instant end, Multi<OutboundSseEvent> events, Sse sse) {
        Duration left = Duration.between(Instant.now(), end);
        Multi<OutboundSseEvent> heard = left.isNegative() || left.isZero()
                ? Multi.createFrom().empty()
                : events.select().first(left).select().first(event -> Instant.now()
                        .isBefore(end));
        return Multi.createBy()
                .concatenating()
                .streams(heard, Multi.createFrom().item(event(sse, "expired", new Expired(end))));
    }

    /** The last event of a caller whose token has expired. */
    public record Expired(Instant time) {}

    /** What a caller wants to hear, and may. */
    private record Wish(@Nullable String feed, boolean summaries, Grants grants) {
        boolean concerns(String name) {
            return (summaries || name.equals(feed)) && grants.reads(name);
        }
    }

    private void requireKnown(@Nullable String feed) {
        if (feed == null) {
            feeds.names();
        } else {
            feeds.status(feed);
        }
    }

    private List<OutboundSseEvent> events(Sse sse, String name, Wish wish) {
        List<OutboundSseEvent> events = new ArrayList<>();
        if (wish.summaries()) {
            events.add(event(sse, "summary", FeedSummary.of(name, feeds.status(name))));
        }
        if (name.equals(wish.feed())) {
            events.add(event(sse, "feed", reports.of(name, feeds.status(name))));
        }
        return events;
    }

    private static OutboundSseEvent event(Sse sse, String kind, Object state) {
        return sse.newEventBuilder()
                .name(kind)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(state.getClass(), state)
                .build();
    }
}
