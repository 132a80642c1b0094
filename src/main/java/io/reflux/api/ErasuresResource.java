package io.reflux.api;

import io.reflux.reservoir.Forgetting;
import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.ReservoirKey;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Takes an image, or all images of a device, out of a feed and keeps them out. */
@Path("/api/v1/feeds/{feed}/erasures")
@Tag(name = "Erasures", description = "Images and devices that a feed has to forget")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ErasuresResource {
    private static final Pattern PLACE = Pattern.compile("(\\d{1,9}):(\\d{1,18})");
    private final KnownFeeds feeds;
    private final ForgettingRequests requests;

    @Inject
    ErasuresResource(KnownFeeds feeds, ForgettingRequests requests) {
        this.feeds = feeds;
        this.requests = requests;
    }

    /**
     * What a feed has to forget.
     *
     * @param kind {@code image} or {@code device}
     * @param name an identity, or a device's name percent-encoded
     * @param until only images taken until then; absent: all, those to come as well
     * @param time of the erasure; absent when it was taken back
     */
    public record Erasure(
            String feed,
            String kind,
            String name,
            @Nullable Instant until,
            @Nullable Instant time) {
        static Erasure of(ReservoirKey.OfErasure key, @Nullable Instant until, @Nullable Instant time) {
            return new Erasure(key.feed(), key.kind().name().toLowerCase(Locale.ROOT), key.name(), until, time);
        }
    }

    /**
     * Erases; from the answer on it holds, whoever runs.
     *
     * @param identity an image: {@code e/SOURCE/ID/TIME} or {@code o/TOPIC-ID/PARTITION/OFFSET}
     * @param place an image that was sent without an event: {@code PARTITION:OFFSET} on the images topic
     * @param device all images whose record has this key, or whose event this source
     * @param until with a device: only images taken until this time
     * @param confirm the feed's name
     */
    @POST
    @Operation(
            summary = "Erases the image that identity or at names, or the images of a device; confirm has to be the"
                    + " feed's name")
    public Erasure erase(
            @PathParam("feed") String feed,
            @QueryParam("identity") @Nullable String identity,
            @QueryParam("at") @Nullable String place,
            @QueryParam("device") @Nullable String device,
            @QueryParam("until") @Nullable String until,
            @QueryParam("confirm") @Nullable String confirm) {
        feeds.status(feed);
        Instant limit = time(until);
        if (limit != null && device == null) {
            throw ProblemException.badParameter("until", String.valueOf(until), "given with device only");
        }
        ReservoirKey.OfErasure key = key(feed, identity, place, device);
        Parameters.confirmed(feed, confirm, "takes " + described(key) + " out of feed '" + feed + "' for good");
        Forgetting forgetting = requests.forgetting();
        ErasureRecord record = device == null
                ? forgetting.erase(feed, new Identity(key.name()))
                : forgetting.erase(feed, Device.of(device), limit);
        return Erasure.of(record.key(), record.until(), record.time());
    }

    /** Takes an erasure back: what is sent again may be kept again. */
    @DELETE
    @Operation(summary = "Takes an erasure back: what is sent again may be kept again")
    public Erasure lift(
            @PathParam("feed") String feed,
            @QueryParam("identity") @Nullable String identity,
            @QueryParam("at") @Nullable String place,
            @QueryParam("device") @Nullable String device) {
        feeds.status(feed);
        ReservoirKey.OfErasure key = key(feed, identity, place, device);
        requests.forgetting().lift(key);
        return Erasure.of(key, null, null);
    }

    private ReservoirKey.OfErasure key(
            String feed, @Nullable String identity, @Nullable String place, @Nullable String device) {
        if (Stream.of(identity, place, device).filter(Objects::nonNull).count() != 1) {
            throw ProblemException.badTarget();
        }
        if (device != null) {
            return ReservoirKey.OfErasure.of(feed, Device.of(device));
        }
        return ReservoirKey.OfErasure.of(feed, place == null ? identity(String.valueOf(identity)) : at(place));
    }

    private static Identity identity(String text) {
        try {
            return new Identity(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badParameter(
                    "identity", text, "e/SOURCE/ID/TIME or o/TOPIC-ID/PARTITION/OFFSET, each part percent-encoded");
        }
    }

    private Identity at(String place) {
        Matcher matcher = PLACE.matcher(place);
        if (!matcher.matches()) {
            throw ProblemException.badParameter("at", place, "PARTITION:OFFSET such as 3:1234");
        }
        return requests.forgetting().imageAt(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw ProblemException.badParameter("until", text, "a timestamp such as 2026-01-31T12:00:00Z");
        }
    }

    private static String described(ReservoirKey.OfErasure key) {
        return key.kind() == ReservoirKey.OfErasure.Kind.IMAGE
                ? "image " + key.name()
                : "every image of device '" + key.name() + "'";
    }
}
