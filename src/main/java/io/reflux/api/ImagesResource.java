package io.reflux.api;

import io.reflux.config.RefluxConfig;
import io.reflux.config.Role;
import io.reflux.config.UploadsConfig;
import io.reflux.intake.ImageEntrance;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.Rejection;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Images for devices that have no Kafka client. */
@Path("/api/v1/feeds/{feed}/images")
@Tag(name = "Images", description = "Sending images over HTTP")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ImagesResource {
    private static final int MOST_IMAGE_BYTES = 1_000_000;
    private static final long MEGABYTE = 1_000_000;
    private static final int LISTED = 1_000;
    private final ImageEntrance entrance;
    private final RefluxConfig config;

    @Inject
    ImagesResource(ImageEntrance entrance, RefluxConfig config) {
        this.entrance = entrance;
        this.config = config;
    }

    /**
     * Where an uploaded image stands on the images topic.
     *
     * @param entry its name in the archive; absent of a single image
     */
    public record Taken(@Nullable String entry, String feed, String label, String topic, int partition, long offset) {}

    /** An image of an archive that was not taken, and why. */
    public record Refused(String entry, String reason, String detail) {}

    /**
     * What became of an archive.
     *
     * @param accepted images taken
     * @param rejected images not taken
     * @param images the first of those taken
     * @param problems the first of those not taken
     */
    public record ArchiveReport(int accepted, int rejected, List<Taken> images, List<Refused> problems) {}

    /** Takes one image; CloudEvents headers of HTTP (ce-source, ce-id, ce-time) make sending it again harmless. */
    @POST
    @LimitedUploads
    @Consumes({"image/png", "image/jpeg", "application/x-npy", "application/octet-stream"})
    @Operation(summary = "Sends one image; answers with its partition and offset when the broker has it")
    public Response one(
            @PathParam("feed") String feed,
            @QueryParam("label") @Nullable String label,
            @QueryParam("shape") @Nullable String shape,
            @Context HttpHeaders headers,
            InputStream body)
            throws IOException {
        requireHere();
        if (label == null) {
            throw ProblemException.badParameter("label", "", "the class of the image");
        }
        MediaType type = headers.getMediaType();
        if (type == null) {
            throw ProblemException.untyped();
        }
        ImageHeaders described = new ImageHeaders(
                feed,
                label,
                type.getType() + "/" + type.getSubtype(),
                shape,
                event(headers).orElse(null));
        try {
            ImageEntrance.Place place = entrance.send(described, bytes(body));
            return Response.accepted(taken(null, feed, label, place)).build();
        } catch (Rejection rejection) {
            throw ProblemException.rejected(rejection);
        }
    }

    /** Takes the images of an archive, one by one; those before a damaged place are taken. */
    @POST
    @LimitedUploads
    @Consumes("application/zip")
    @Operation(summary = "Sends the PNG and JPEG files of a zip archive; the folder of a file is its class")
    public ArchiveReport archive(@PathParam("feed") String feed, InputStream body) throws IOException {
        requireHere();
        List<Taken> taken = new ArrayList<>();
        List<Refused> refused = new ArrayList<>();
        int accepted = 0;
        int rejected = 0;
        UploadsConfig limits = config.uploads();
        try (ImageArchive archive =
                new ImageArchive(body, limits.images(), MOST_IMAGE_BYTES, limits.unpackedMegabytes() * MEGABYTE)) {
            for (Optional<ImageArchive.Entry> next = archive.next(); next.isPresent(); next = archive.next()) {
                ImageArchive.Entry entry = next.get();
                try {
                    ImageEntrance.Place place = entrance.send(
                            new ImageHeaders(feed, entry.label(), entry.contentType(), null, null), entry.bytes());
                    accepted++;
                    add(taken, taken(entry.name(), feed, entry.label(), place));
                } catch (Rejection rejection) {
                    rejected++;
                    add(refused, new Refused(entry.name(), rejection.reason().text(), rejection.detail()));
                }
            }
        }
        return new ArchiveReport(accepted, rejected, taken, refused);
    }

    private static byte[] bytes(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MOST_IMAGE_BYTES + 1);
        if (bytes.length > MOST_IMAGE_BYTES) {
            throw ProblemException.tooMuch(
                    "the image has more than the " + MOST_IMAGE_BYTES + " bytes that fit into a record");
        }
        return bytes;
    }

    private static <T> void add(List<T> list, T element) {
        if (list.size() < LISTED) {
            list.add(element);
        }
    }

    private static Taken taken(@Nullable String entry, String feed, String label, ImageEntrance.Place place) {
        return new Taken(entry, feed, label, place.topic(), place.partition(), place.offset());
    }

    private static Optional<EventIdentity> event(HttpHeaders headers) {
        String source = headers.getHeaderString("ce-source");
        String id = headers.getHeaderString("ce-id");
        String time = headers.getHeaderString("ce-time");
        if (source == null || id == null || time == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EventIdentity(source, id, Instant.parse(time)));
        } catch (DateTimeException e) {
            throw ProblemException.badParameter("ce-time", time, "a timestamp such as 2026-01-31T12:00:00Z");
        }
    }

    private void requireHere() {
        if (!config.roles().contains(Role.API)) {
            throw ProblemException.notHere();
        }
    }
}
