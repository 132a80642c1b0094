package io.reflux.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.format.Safetensors;
import io.reflux.image.ImageShape;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShardTest {
    @Test
    void holdsOneClassAndReadsAsASetOfItsOwn() throws Exception {
        DistilledSet set = set(new ImageShape(1, 4, 4), List.of("a/b", "ü"), 3);

        List<Shard> shards = Shard.split("my feed", 7, set);

        assertThat(shards)
                .extracting(shard -> shard.key().text())
                .containsExactly("my%20feed/7/a%2Fb/0", "my%20feed/7/%C3%BC/0");
        DistilledSet first =
                DistilledSet.fromSafetensors(Safetensors.decode(shards.get(0).value()));
        assertThat(first.size()).isEqualTo(3);
        assertThat(first.classes()).containsExactly("a/b", "ü");
        assertThat(first.classOf(2)).isZero();
    }

    @Test
    void neverExceedsTheRecordLimitHoweverLargeAClassIs() throws Exception {
        DistilledSet set = set(new ImageShape(3, 64, 64), List.of("only", "other"), 50);

        List<Shard> shards = Shard.split("feed", 1, set);

        assertThat(shards).hasSizeGreaterThan(4).allSatisfy(shard -> assertThat(
                        shard.key().text().length() + shard.value().length)
                .isLessThanOrEqualTo(Shard.MOST_BYTES));
        assertThat(shards.get(0).value().length).isGreaterThan(900_000);
        assertThat(shards.stream().mapToInt(Shard::images).sum()).isEqualTo(100);
    }

    @Test
    void putsTheSetTogetherAgain() throws Exception {
        DistilledSet set = set(new ImageShape(3, 32, 32), List.of("a", "b", "c"), 70);
        List<Shard> shards = Shard.split("feed", 1, set);

        DistilledSet joined = Shard.assemble(
                shards.stream().map(Shard::entry).toList(),
                shards.stream().map(Shard::value).toList(),
                null);

        assertThat(joined.images()).isEqualTo(set.images());
        assertThat(joined.labels()).isEqualTo(set.labels());
        assertThat(joined.recipe()).isEqualTo(set.recipe());
        assertThat(joined.normalisation()).isEqualTo(set.normalisation());
    }

    @Test
    void anImageStaysWithItsClassWhenItsSoftLabelFavoursAnother() throws Exception {
        DistilledSet hard = set(new ImageShape(1, 4, 4), List.of("a", "b"), 2);
        DistilledSet set = new DistilledSet(
                hard.shape(),
                hard.classes(),
                hard.normalisation(),
                hard.images(),
                new float[] {0.9f, 0.1f, 0.3f, 0.7f, 0.6f, 0.4f, 0, 1},
                hard.recipe(),
                new int[] {0, 0, 1, 1});
        List<Shard> shards = Shard.split("feed", 1, set);

        DistilledSet joined = Shard.assemble(
                shards.stream().map(Shard::entry).toList(),
                shards.stream().map(Shard::value).toList(),
                null);

        assertThat(shards).extracting(Shard::label).containsExactly("a", "b");
        assertThat(shards).extracting(Shard::images).containsExactly(2, 2);
        assertThat(joined).usingRecursiveComparison().isEqualTo(set);
    }

    @Test
    void softLabelsNeverExceedTheRecordLimitEither() {
        DistilledSet hard = set(new ImageShape(1, 4, 4), List.of("only", "other"), 30_000);
        float[] labels = hard.labels();
        labels[labels.length - 1] = 0.75f;
        labels[labels.length - 2] = 0.25f;
        int[] members = IntStream.range(0, 60_000).map(i -> i / 30_000).toArray();

        List<Shard> shards = Shard.split(
                "feed",
                1,
                new DistilledSet(
                        hard.shape(),
                        hard.classes(),
                        hard.normalisation(),
                        hard.images(),
                        labels,
                        hard.recipe(),
                        members));

        assertThat(shards).hasSizeGreaterThan(2).allSatisfy(shard -> assertThat(
                        shard.key().text().length() + shard.value().length)
                .isLessThanOrEqualTo(Shard.MOST_BYTES));
    }

    @Test
    void isRefusedWhenTamperedWith() {
        List<Shard> shards = Shard.split("feed", 1, set(new ImageShape(1, 4, 4), List.of("a", "b"), 1));
        List<ShardEntry> entries = shards.stream().map(Shard::entry).toList();
        byte[] tampered = shards.get(0).value().clone();
        tampered[tampered.length - 1] ^= 1;
        byte[] cut = Arrays.copyOf(tampered, tampered.length - 1);

        assertThatThrownBy(() ->
                        Shard.assemble(entries, List.of(tampered, shards.get(1).value()), null))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("feed/1/a/0")
                .hasMessageContaining("SHA-256");
        assertThatThrownBy(
                        () -> Shard.assemble(entries, List.of(cut, shards.get(1).value()), null))
                .isInstanceOf(WireException.class)
                .hasMessageContaining((tampered.length - 1) + " bytes");
    }

    @Test
    void refusesAnImageThatFitsIntoNoRecord() {
        DistilledSet set = set(new ImageShape(3, 300, 300), List.of("a", "b"), 1);

        assertThatThrownBy(() -> Shard.split("feed", 1, set))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3,300,300")
                .hasMessageContaining("1000000");
    }

    private static DistilledSet set(ImageShape shape, List<String> classes, int perClass) {
        int count = perClass * classes.size();
        float[] images = new float[count * shape.size()];
        IntStream.range(0, images.length).forEach(i -> images[i] = i % 257 / 100f);
        float[] labels = new float[count * classes.size()];
        IntStream.range(0, count).forEach(i -> labels[i * classes.size() + i / perClass] = 1);
        float[] ones = new float[shape.channels()];
        Arrays.fill(ones, 0.5f);
        return new DistilledSet(
                shape,
                classes,
                new ChannelNormalisation(ones, ones),
                images,
                labels,
                new StudentRecipe(0.02, 0.9, 5e-4, 10, 256, AugmentationFamily.all(), new NetworkSettings(8, 0)));
    }
}
