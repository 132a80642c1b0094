package io.reflux.api;

import io.reflux.distill.DistilledSet;
import io.reflux.feeds.FeedStatus;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import io.reflux.rounds.Generation;
import io.reflux.wire.Key;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Published generations; {@code current} in place of a number is the one the feed's pointer names. */
@Path("/api/v1/feeds/{feed}/generations")
@Tag(name = "Generations", description = "Distilled sets and where they come from")
@Blocking
public class GenerationsResource {
    /** To be kept and asked for again by its tag: another generation may stand under the same address. */
    private static final String REVALIDATE = "no-cache";

    private final KnownFeeds feeds;
    private final Generations generations;

    @Inject
    GenerationsResource(KnownFeeds feeds, Generations generations) {
        this.feeds = feeds;
        this.generations = generations;
    }

    /** Generations that stand on the topic, newest first: how good the feed's sets became. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Kept generations with their accuracies, newest first")
    public List<GenerationReport> list(@PathParam("feed") String feed) {
        FeedStatus status = feeds.status(feed);
        return status.published().stream()
                .map(found -> GenerationReport.of(status, found))
                .toList();
    }

    /** A manifest, byte by byte as published. */
    @GET
    @Path("{generation}")
    @Operation(summary = "The manifest of a generation: recipe, lineage, configuration, digests")
    public Response manifest(
            @PathParam("feed") String feed,
            @PathParam("generation") String name,
            @Context HttpHeaders headers,
            @Context Request request) {
        FeedStatus.Published published = generations.published(feed, name);
        return download(published, "", MediaType.APPLICATION_JSON, headers, request, published::document);
    }

    /** A set, put together from its shards and checked. */
    @GET
    @Path("{generation}/set")
    @Operation(summary = "A set as safetensors, npz, PNG contact sheet or zip of PNG folders, by format or Accept")
    public Response set(
            @PathParam("feed") String feed,
            @PathParam("generation") String name,
            @QueryParam("format") @Nullable String query,
            @Context HttpHeaders headers,
            @Context Request request) {
        SetFormat format = SetFormat.of(query, request);
        FeedStatus.Published published = generations.published(feed, name);
        String variant = format == SetFormat.SAFETENSORS ? "" : "-" + format.ending();
        return named(
                download(
                        published,
                        variant,
                        format.mediaType(),
                        headers,
                        request,
                        () -> format.encode(generations.whole(feed, published).set())),
                feed + "-" + published.manifest().generation() + "." + format.ending());
    }

    /** One synthetic image. */
    @GET
    @Path("{generation}/images/{index}")
    @Operation(summary = "One synthetic image as PNG, by its index in the set")
    public Response image(
            @PathParam("feed") String feed,
            @PathParam("generation") String name,
            @PathParam("index") String index,
            @Context HttpHeaders headers,
            @Context Request request) {
        FeedStatus.Published published = generations.published(feed, name);
        return download(
                published, "-" + index, SetFormat.PNG.mediaType(), headers, request, () -> png(feed, published, index));
    }

    private byte[] png(String feed, FeedStatus.Published published, String index) {
        Generation generation = generations.whole(feed, published);
        DistilledSet set = generation.set();
        int number = index(index, set.size());
        ImageShape shape = set.shape();
        byte[] pixels = set.select(new int[] {number}).pixels();
        return Png.encode(shape, Arrays.copyOf(pixels, shape.size()));
    }

    private static int index(String text, int size) {
        try {
            int index = Integer.parseInt(text);
            if (index >= 0 && index < size) {
                return index;
            }
        } catch (NumberFormatException e) {
            throw ProblemException.unknownImage(text, size);
        }
        throw ProblemException.unknownImage(text, size);
    }

    /** The manifest's digest names all content; other representations than the first need tags of their own. */
    private static Response download(
            FeedStatus.Published published,
            String variant,
            String mediaType,
            HttpHeaders headers,
            Request request,
            Supplier<byte[]> content) {
        EntityTag tag = new EntityTag(Generations.digest(published) + variant);
        Response.@Nullable ResponseBuilder unchanged = request.evaluatePreconditions(tag);
        if (unchanged != null) {
            Response answer = unchanged.tag(tag).build();
            if (answer.getStatus() == Response.Status.PRECONDITION_FAILED.getStatusCode()) {
                throw ProblemException.anotherVersion(tag.getValue());
            }
            return answer;
        }
        return ByteRange.respond(content.get(), headers, '"' + tag.getValue() + '"')
                .type(mediaType)
                .tag(tag)
                .header(HttpHeaders.CACHE_CONTROL, REVALIDATE)
                .build();
    }

    private static Response named(Response response, String file) {
        return response.hasEntity()
                ? Response.fromResponse(response)
                        .header(
                                HttpHeaders.CONTENT_DISPOSITION,
                                "attachment; filename=\"" + Key.of(file).text() + "\"")
                        .build()
                : response;
    }
}
