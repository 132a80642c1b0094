package io.reflux.reservoir;

import io.reflux.config.FeedSettings;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.wire.Lineage;
import io.reflux.wire.Scale;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A feed's sample at one moment.
 *
 * @param settings what is configured for the feed
 * @param shape [C,H,W] of every image here
 * @param classes sorted; the labels of both sets index them
 * @param sample to learn from, by class and identity, so equal samples are equal sets
 * @param heldOut to judge by, never to learn from; in the same order
 * @param otherShapes kept images that have another shape and are not here
 * @param normalisation settled by the feed's first round
 * @param offsets of the images topic's partitions; every record below them is in the counts and was offered to the sample
 * @param images taken since the feed began, kept or not
 * @param bytes of their record values
 * @param lineage what the feed had been told to forget
 */
public record SampleSnapshot(
        FeedSettings settings,
        ImageShape shape,
        List<String> classes,
        ImageSet sample,
        ImageSet heldOut,
        int otherShapes,
        Optional<Scale> normalisation,
        Map<Integer, Long> offsets,
        long images,
        long bytes,
        Lineage lineage) {
    public SampleSnapshot {
        classes = List.copyOf(classes);
        offsets = Map.copyOf(offsets);
    }
}
