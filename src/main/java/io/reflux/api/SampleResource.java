package io.reflux.api;

import io.reflux.feeds.FeedStatus;
import io.reflux.image.Png;
import io.reflux.reservoir.SamplePictures;
import io.reflux.wire.KeptImage;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The real images that a feed keeps. */
@Path("/api/v1/feeds/{feed}/sample")
@Tag(name = "Sample", description = "The real images kept of a feed")
@Blocking
public class SampleResource {
    private static final int USUAL_LIMIT = 12;

    /** An identity is one image for ever, but it may be erased. */
    private static final String FOR_A_MINUTE = "private, max-age=60";

    private final KnownFeeds feeds;
    private final SamplePictures pictures;

    @Inject
    SampleResource(KnownFeeds feeds, SamplePictures pictures) {
        this.feeds = feeds;
        this.pictures = pictures;
    }

    /** Identities of the kept images of each class that came last. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Identities of the newest kept images of each class, at most limit a class")
    public Map<String, List<String>> list(@PathParam("feed") String feed, @QueryParam("limit") @Nullable String limit) {
        FeedStatus status = feeds.status(feed);
        int most = Parameters.positive("limit", limit, USUAL_LIMIT);
        Map<String, List<String>> identities = new TreeMap<>();
        status.sample().keySet().forEach(label -> identities.put(label, status.keptIdentities(label, most)));
        return identities;
    }

    /** A kept image. */
    @GET
    @Path("{label}/{identity}")
    @Operation(summary = "A kept image as PNG")
    public Response image(
            @PathParam("feed") String feed, @PathParam("label") String label, @PathParam("identity") String identity) {
        KeptImage image = feeds.status(feed).keptOffset(label, identity).stream()
                .mapToObj(offset -> pictures.at(feed, identity, offset))
                .flatMap(found -> found.stream())
                .findFirst()
                .orElseThrow(() -> ProblemException.notKept(feed, label, identity));
        return Response.ok(Png.encode(image.shape(), image.pixels()), SetFormat.PNG.mediaType())
                .header(HttpHeaders.CACHE_CONTROL, FOR_A_MINUTE)
                .build();
    }
}
