package io.reflux.intake;

import io.reflux.config.FeedSettings;
import io.reflux.image.DecodedImage;
import io.reflux.image.ImageDecoder;
import io.reflux.image.UndecodableImageException;
import io.reflux.sample.Identity;
import io.reflux.wire.EventIdentity;
import io.reflux.wire.ImageRecord;
import io.reflux.wire.KeptImage;
import io.reflux.wire.Rejection;
import io.reflux.wire.Rejection.Reason;

/** Decides whether a record is an image of its feed; the same record always gets the same answer. */
final class ImageJudge {
    private final ImageDecoder decoder;
    private final String imagesId;

    /**
     * @param maxPixels height times width at most
     * @param imagesId the images topic's own identity, part of that of images without an event
     */
    ImageJudge(long maxPixels, String imagesId) {
        this.decoder = new ImageDecoder(maxPixels);
        this.imagesId = imagesId;
    }

    /**
     * Decodes and checks an image.
     *
     * @throws Rejection when it is not one, or not one of this feed
     */
    DecodedImage decode(ImageRecord record, FeedSettings settings) throws Rejection {
        if (!settings.allowed()) {
            throw new Rejection(
                    Reason.FEED_NOT_ALLOWED,
                    "the feed '" + record.feed() + "' is not allowed by reflux.feeds or reflux.limits");
        }
        if (!settings.admits(record.label())) {
            throw new Rejection(
                    Reason.CLASS_NOT_DECLARED,
                    "the label '" + record.label() + "' is not among the classes declared for the feed '"
                            + record.feed() + "'");
        }
        DecodedImage image = unpack(record);
        fit(image, record, settings);
        return image;
    }

    /** What tells the image from every other: its event, else its place in the topic. */
    Identity identity(ImageRecord record) {
        EventIdentity event = record.headers().event();
        return event == null
                ? Identity.ofOffset(
                        imagesId, record.at().partition(), record.at().offset())
                : Identity.ofEvent(event.source(), event.id(), event.time().toString());
    }

    private DecodedImage unpack(ImageRecord record) throws Rejection {
        try {
            return decoder.decode(
                    record.headers().contentType(), record.headers().shape(), record.bytes());
        } catch (UndecodableImageException e) {
            throw new Rejection(reason(e.reason()), String.valueOf(e.getMessage()));
        }
    }

    private static void fit(DecodedImage image, ImageRecord record, FeedSettings settings) throws Rejection {
        if (settings.shape().isPresent() && !settings.shape().get().equals(image.shape())) {
            throw new Rejection(
                    Reason.SHAPE_MISMATCH,
                    "the image is " + image.shape() + ", the feed '" + record.feed() + "' takes "
                            + settings.shape().get());
        }
        if (image.pixels().length > KeptImage.LARGEST_IMAGE) {
            throw new Rejection(
                    Reason.TOO_LARGE,
                    "the image has " + image.pixels().length + " bytes unpacked, more than the "
                            + KeptImage.LARGEST_IMAGE + " that fit into a record");
        }
    }

    private static Reason reason(UndecodableImageException.Reason reason) {
        return switch (reason) {
            case EMPTY -> Reason.VALUE_EMPTY;
            case UNKNOWN_CONTENT_TYPE -> Reason.CONTENT_TYPE_UNKNOWN;
            case MISSING_SHAPE, WRONG_SHAPE -> Reason.SHAPE_INVALID;
            case TOO_MANY_PIXELS -> Reason.TOO_LARGE;
            case WRONG_TYPE, TRUNCATED_OR_CORRUPT, UNSUPPORTED_CHANNELS -> Reason.UNDECODABLE;
        };
    }
}
