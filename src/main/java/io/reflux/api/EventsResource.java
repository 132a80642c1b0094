package io.reflux.api;

import io.reflux.stream.FeedView;
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
import java.util.HashSet;
import java.util.Set;
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
    private final EventBus bus;

    @Inject
    EventsResource(KnownFeeds feeds, EventBus bus) {
        this.feeds = feeds;
        this.bus = bus;
    }

    /**
     * Events named {@code feed}: the summary of each feed that changed, or, of one feed, its whole report; at most four a
     * second for each feed. A comment every ten seconds shows that the connection lives.
     *
     * @param feed the only one to tell of; absent: all
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "Present state and every change of one feed, or of all")
    public Multi<OutboundSseEvent> events(@QueryParam("feed") @Nullable String feed, @Context Sse sse) {
        requireKnown(feed);
        Multi<OutboundSseEvent> changes = bus.<String>consumer(FeedView.CHANGED)
                .toMulti()
                .map(Message::body)
                .filter(name -> feed == null || feed.equals(name))
                .group()
                .intoLists()
                .every(PACE)
                .onOverflow()
                .drop()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .onItem()
                .transformToIterable(HashSet::new)
                .map(name -> event(sse, name, feed != null));
        Multi<OutboundSseEvent> beats = Multi.createFrom()
                .ticks()
                .every(HEARTBEAT)
                .onOverflow()
                .drop()
                .map(tick -> sse.newEventBuilder().comment("").build());
        // Read after the subscription to changes, so that none falls between.
        Multi<OutboundSseEvent> present = Multi.createFrom()
                .deferred(() -> Multi.createFrom().iterable(feed == null ? feeds.names() : Set.of(feed)))
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(name -> event(sse, name, feed != null));
        return Multi.createBy().merging().streams(changes, beats, present);
    }

    private void requireKnown(@Nullable String feed) {
        if (feed == null) {
            feeds.names();
        } else {
            feeds.status(feed);
        }
    }

    private OutboundSseEvent event(Sse sse, String name, boolean whole) {
        Object state = whole ? FeedReport.of(name, feeds.status(name)) : FeedSummary.of(name, feeds.status(name));
        return sse.newEventBuilder()
                .name("feed")
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(state.getClass(), state)
                .build();
    }
}
