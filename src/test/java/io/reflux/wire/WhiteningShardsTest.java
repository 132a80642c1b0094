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
import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaNormalisation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WhiteningShardsTest {
    private static final ImageShape SHAPE = new ImageShape(3, 16, 16);
    private static final ZcaNormalisation ZCA = numbers(1);

    @Test
    void neverExceedTheRecordLimitAndAreNamedByTheDigestOfTheirBytes() {
        List<WhiteningShards.Piece> pieces = WhiteningShards.split("my feed", ZCA);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        pieces.forEach(piece -> bytes.writeBytes(piece.value()));
        assertThat(pieces).hasSize(3).allSatisfy(piece -> assertThat(
                        piece.key().text().length() + piece.value().length)
                .isLessThanOrEqualTo(Shard.MOST_BYTES));
        assertThat(bytes.size()).isEqualTo(4 * (768 + 768 * 768));
        assertThat(pieces.get(2).key().text())
                .isEqualTo("my%20feed/whitening/" + Sha256.hex(bytes.toByteArray()) + "/2");
    }

    @Test
    void giveTheWhiteningBack() throws Exception {
        assertThat(WhiteningShards.join(scale(), values())).isEqualTo(ZCA);
    }

    @Test
    void areRefusedWhenIncompleteOrTamperedWith() {
        List<byte[]> incomplete = values().subList(0, 2);
        List<byte[]> tampered = new ArrayList<>(values());
        tampered.set(1, tampered.get(1).clone());
        tampered.get(1)[7] ^= 1;

        assertThatThrownBy(() -> WhiteningShards.join(scale(), incomplete))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(ZCA.digest())
                .hasMessageContaining("not readable");
        assertThatThrownBy(() -> WhiteningShards.join(scale(), tampered))
                .isInstanceOf(WireException.class)
                .hasMessageContaining(ZCA.digest())
                .hasMessageContaining("SHA-256");
    }

    @Test
    void areNoneForANormalisationByChannel() {
        ChannelNormalisation channels = new ChannelNormalisation(new float[] {0.5f}, new float[] {0.25f});

        assertThat(WhiteningShards.split("feed", channels)).isEmpty();
        assertThat(WhiteningShards.keys(WhiteningShards.scale(channels, List.of())))
                .isEmpty();
    }

    @Test
    void leaveTheShardsOfTheImagesSmallAndThoseNameThem() throws Exception {
        DistilledSet set = set(ZCA);
        List<Shard> shards = Shard.split("feed", 1, set);
        List<ShardEntry> entries = shards.stream().map(Shard::entry).toList();
        List<byte[]> values = shards.stream().map(Shard::value).toList();

        assertThat(shards)
                .allSatisfy(shard -> assertThat(shard.value().length).isLessThan(5000))
                .allSatisfy(
                        shard -> assertThat(Safetensors.decode(shard.value()).metadata())
                                .containsAllEntriesOf(
                                        Map.of("normalisation.kind", "zca", "normalisation.digest", ZCA.digest())));
        assertThat(Shard.assemble(entries, values, ZCA).normalisation()).isEqualTo(ZCA);
        assertThatThrownBy(() -> Shard.assemble(entries, values, numbers(2)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("feed/1/a/0")
                .hasMessageContaining(ZCA.digest());
        assertThatThrownBy(() -> Shard.assemble(entries, values, null))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("whitening.mean");
    }

    @Test
    void areNotTakenForImagesThatAreNormalisedByChannel() {
        DistilledSet set = set(new ChannelNormalisation(new float[3], new float[] {1, 1, 1}));
        List<Shard> shards = Shard.split("feed", 1, set);

        assertThatThrownBy(() -> Shard.assemble(
                        shards.stream().map(Shard::entry).toList(),
                        shards.stream().map(Shard::value).toList(),
                        ZCA))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("by channel");
    }

    private static ZcaScale scale() {
        return (ZcaScale) WhiteningShards.scale(ZCA, WhiteningShards.split("my feed", ZCA));
    }

    private static List<byte[]> values() {
        return WhiteningShards.split("my feed", ZCA).stream()
                .map(WhiteningShards.Piece::value)
                .toList();
    }

    private static ZcaNormalisation numbers(int seed) {
        float[] mean = new float[SHAPE.size()];
        float[] transform = new float[SHAPE.size() * SHAPE.size()];
        for (int i = 0; i < transform.length; i++) {
            transform[i] = i % 251 + seed;
        }
        return new ZcaNormalisation(0.1f, mean, transform);
    }

    private static DistilledSet set(Normalisation normalisation) {
        return new DistilledSet(
                SHAPE,
                List.of("a", "b"),
                normalisation,
                new float[2 * SHAPE.size()],
                new float[] {1, 0, 0, 1},
                new StudentRecipe(0.02, 0.9, 5e-4, 10, 256, AugmentationFamily.all(), new NetworkSettings(8, 0)));
    }
}
