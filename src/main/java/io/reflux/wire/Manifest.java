package io.reflux.wire;

import io.reflux.distill.EvaluationReport;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a generation is: its shards, how to train on them, how good it is, and where it came from. Stands on
 * {@code distilled} under {@code feed/generation}.
 *
 * @param format {@value #FORMAT}
 * @param feed it was distilled from
 * @param generation 1, 2, … without gaps
 * @param round id of the round that made it
 * @param time of publication
 * @param classes names; a label row holds one probability for each, in this order
 * @param shape of one image, [C,H,W]
 * @param normalisation the images are in
 * @param imagesPerClass IPC
 * @param student how to train on the set
 * @param accuracy on the held-out images, with spreads
 * @param loss matching loss over the last iterations
 * @param in images the feed has had, and their bytes
 * @param sample images distilled from, a class
 * @param out synthetic images, and the bytes of their shards and of the whitening matrix that they need
 * @param offsets reached on the partitions of {@code images}
 * @param seed every draw derives from
 * @param configuration every setting that decides a distillation, by property name
 * @param version of Reflux
 * @param shards in the order the set is put together
 * @param lineage of the sample it was distilled from; null of a feed that has forgotten nothing
 */
public record Manifest(
        String format,
        String feed,
        long generation,
        String round,
        Instant time,
        List<String> classes,
        List<Integer> shape,
        Scale normalisation,
        int imagesPerClass,
        Recipe student,
        EvaluationReport accuracy,
        double loss,
        Volume in,
        SortedMap<String, Integer> sample,
        Volume out,
        SortedMap<Integer, Long> offsets,
        long seed,
        SortedMap<String, String> configuration,
        String version,
        List<ShardEntry> shards,
        @Nullable Lineage lineage) {
    public static final String FORMAT = "reflux-manifest/1";

    /** The lineage of the sample it was distilled from. */
    public Lineage descent() {
        return lineage == null ? Lineage.NONE : lineage;
    }

    /** The key of the record. */
    public Key key() {
        return key(feed, generation);
    }

    public static Key key(String feed, long generation) {
        return Key.of(feed, Long.toString(generation));
    }

    public byte[] toBytes() {
        return Json.write(this);
    }

    /** @throws WireException when the bytes are no manifest this version reads */
    public static Manifest fromBytes(byte[] json) throws WireException {
        Manifest manifest = Json.read(json, Manifest.class);
        FormatVersion.require(manifest.format(), FORMAT);
        if (manifest.feed() == null
                || manifest.shards() == null
                || manifest.shards().isEmpty()) {
            throw new WireException("a manifest names no feed or lists no shards");
        }
        return manifest;
    }
}
