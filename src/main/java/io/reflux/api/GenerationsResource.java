package io.reflux.api;

import io.reflux.stream.FeedStatus;
import io.reflux.stream.Generation;
import io.reflux.stream.GenerationReader;
import io.reflux.stream.KafkaConnection;
import io.reflux.wire.Key;
import io.reflux.wire.Sha256;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Published generations. */
@Path("/api/v1/feeds/{feed}/generations")
@Blocking
public class GenerationsResource {
    private final KnownFeeds feeds;
    private final GenerationReader reader;

    @Inject
    GenerationsResource(KnownFeeds feeds, KafkaConnection kafka) {
        this.feeds = feeds;
        this.reader = new GenerationReader(kafka.bootstrapServers(), kafka.names(), kafka.clientProperties());
    }

    /** The manifest of the current generation, byte by byte as published. */
    @GET
    @Path("current")
    public Response manifest(@PathParam("feed") String feed, @Context Request request) {
        FeedStatus.Published published =
                feeds.status(feed).current().orElseThrow(() -> ProblemException.noGeneration(feed));
        EntityTag tag = new EntityTag(Sha256.hex(published.document()));
        Response.@Nullable ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        return unchanged != null
                ? unchanged.build()
                : Response.ok(published.document(), MediaType.APPLICATION_JSON_TYPE)
                        .tag(tag)
                        .build();
    }

    /** The set of the current generation, put together from its shards and checked. */
    @GET
    @Path("current/set")
    public Response set(
            @PathParam("feed") String feed,
            @QueryParam("format") @Nullable String query,
            @Context HttpHeaders headers,
            @Context Request request) {
        SetFormat format = SetFormat.of(query, headers.getHeaderString(HttpHeaders.ACCEPT));
        String digest = feeds.status(feed).digest().orElseThrow(() -> ProblemException.noGeneration(feed));
        Response.@Nullable ResponseBuilder unchanged = request.evaluatePreconditions(tag(digest, format));
        if (unchanged != null) {
            return unchanged.build();
        }
        Generation generation = reader.current(feed).orElseThrow(() -> ProblemException.noGeneration(feed));
        return Response.ok(format.encode(generation.set()), format.mediaType())
                .tag(tag(Sha256.hex(generation.document()), format))
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .header(HttpHeaders.CONTENT_DISPOSITION, disposition(feed, generation, format))
                .build();
    }

    /** The manifest's digest names the content; other representations than the first need tags of their own. */
    private static EntityTag tag(String digest, SetFormat format) {
        return new EntityTag(format == SetFormat.SAFETENSORS ? digest : digest + "-" + format.ending());
    }

    private static String disposition(String feed, Generation generation, SetFormat format) {
        return "attachment; filename=\"" + Key.of(feed).text() + "-"
                + generation.manifest().generation() + "." + format.ending() + "\"";
    }
}
