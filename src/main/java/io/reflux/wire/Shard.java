package io.reflux.wire;

import io.reflux.distill.DistilledSet;
import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.nn.ZcaNormalisation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A part of one class of a distilled set: safetensors with {@code images} f32 [n,C,H,W], {@code labels} f32 [n,K],
 * where those are soft {@code class} i32 [n], and the set's metadata, so that each shard can be trained on by itself; a
 * whitening matrix stands apart. Stands on {@code distilled} under
 * {@code feed/generation/label/number}.
 *
 * @param key of the record
 * @param label the class
 * @param images how many
 * @param value of the record
 */
@SuppressWarnings("ArrayRecordComponent")
public record Shard(Key key, String label, int images, byte[] value) {
    /** Key and value of a record together stay at or below this, well under the brokers' default limit. */
    public static final int MOST_BYTES = 1_000_000;

    /**
     * Cuts a set into shards, class by class, each as large as a record may be.
     *
     * @throws IllegalArgumentException when not even one image fits into a record
     */
    public static List<Shard> split(String feed, long generation, DistilledSet set) {
        List<Shard> shards = new ArrayList<>();
        for (int k = 0; k < set.classes().size(); k++) {
            int label = k;
            int[] members = IntStream.range(0, set.size())
                    .filter(image -> set.classOf(image) == label)
                    .toArray();
            split(feed, generation, set, label, members, shards);
        }
        return shards;
    }

    /** The shard as its manifest lists it. */
    public ShardEntry entry() {
        return new ShardEntry(key.text(), label, images, value.length, Sha256.hex(value));
    }

    /**
     * Puts a set together from the values of its shards, in the manifest's order of entries.
     *
     * @param whitening that the set is in; null for a normalisation by channel
     * @throws WireException naming the shard that is not what the manifest lists
     */
    public static DistilledSet assemble(
            List<ShardEntry> entries, List<byte[]> values, @Nullable ZcaNormalisation whitening) throws WireException {
        List<DistilledSet> parts = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            entries.get(i).check(values.get(i));
            parts.add(decode(entries.get(i), values.get(i), whitening));
        }
        return join(parts);
    }

    private static void split(
            String feed, long generation, DistilledSet set, int label, int[] members, List<Shard> shards) {
        String name = set.classes().get(label);
        int from = 0;
        for (int number = 0; from < members.length; number++) {
            Key key = Key.of(feed, Long.toString(generation), name, Integer.toString(number));
            int count = Math.min(members.length - from, capacity(key, set));
            int[] chosen =
                    IntStream.range(from, from + count).map(i -> members[i]).toArray();
            shards.add(new Shard(
                    key,
                    name,
                    count,
                    set.select(chosen).toSafetensorsWithoutWhitening().encode()));
            from += count;
        }
    }

    /** How many images fit into one record; the header hardly depends on their number, a few digits apart. */
    private static int capacity(Key key, DistilledSet set) {
        int image = 4 * (set.shape().size() + set.classes().size() + 1);
        int single = widest(set).toSafetensorsWithoutWhitening().encode().length;
        int digits = 64;
        int overhead = single - image + digits + key.text().getBytes(StandardCharsets.UTF_8).length;
        int count = (MOST_BYTES - overhead) / image;
        if (count < 1) {
            throw new IllegalArgumentException("one synthetic image of shape " + set.shape() + " with its label and "
                    + "metadata takes " + (image + overhead) + " bytes, a record holds " + MOST_BYTES
                    + "; use a smaller shape or fewer classes");
        }
        return count;
    }

    /** One image whose file has every tensor that a shard of the set may have. */
    private static DistilledSet widest(DistilledSet set) {
        int image = IntStream.range(0, set.size()).filter(set::soft).findFirst().orElse(0);
        return set.select(new int[] {image});
    }

    private static DistilledSet decode(ShardEntry entry, byte[] value, @Nullable ZcaNormalisation whitening)
            throws WireException {
        try {
            DistilledSet part = DistilledSet.fromSafetensors(Safetensors.decode(value), whitening);
            if (part.size() != entry.images()) {
                throw new WireException("shard " + entry.key() + " holds " + part.size()
                        + " images, its manifest lists " + entry.images());
            }
            return part;
        } catch (FormatException e) {
            throw new WireException("shard " + entry.key() + " is not readable: " + e.getMessage(), e);
        }
    }

    private static DistilledSet join(List<DistilledSet> parts) throws WireException {
        DistilledSet first = parts.get(0);
        for (DistilledSet part : parts) {
            if (!part.shape().equals(first.shape())
                    || !part.classes().equals(first.classes())
                    || !part.normalisation().equals(first.normalisation())) {
                throw new WireException("the shards of one generation differ in shape, classes or normalisation");
            }
        }
        int images = parts.stream().mapToInt(part -> part.images().length).sum();
        int labels = parts.stream().mapToInt(part -> part.labels().length).sum();
        int[] members = parts.stream()
                .flatMapToInt(part -> Arrays.stream(part.members()))
                .toArray();
        float[] allImages = new float[images];
        float[] allLabels = new float[labels];
        int image = 0;
        int label = 0;
        for (DistilledSet part : parts) {
            System.arraycopy(part.images(), 0, allImages, image, part.images().length);
            System.arraycopy(part.labels(), 0, allLabels, label, part.labels().length);
            image += part.images().length;
            label += part.labels().length;
        }
        return new DistilledSet(
                first.shape(), first.classes(), first.normalisation(), allImages, allLabels, first.recipe(), members);
    }
}
