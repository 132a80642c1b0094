package io.reflux.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reflux.distill.Accuracy;
import io.reflux.distill.EvaluationReport;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ManifestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StudentRecipe RECIPE = new StudentRecipe(
            0.0213,
            0.9,
            5e-4,
            1001,
            256,
            EnumSet.of(AugmentationFamily.CROP, AugmentationFamily.COLOR),
            new NetworkSettings(32, 0));

    @Test
    void isWrittenAsTheGoldenDocument() throws IOException {
        assertThat(JSON.readTree(manifest().toBytes())).isEqualTo(golden("manifest.json"));
    }

    @Test
    void readsWhatItWrote() throws Exception {
        Manifest read = Manifest.fromBytes(manifest().toBytes());

        assertThat(read).usingRecursiveComparison().isEqualTo(manifest());
        assertThat(read.student().student()).isEqualTo(RECIPE);
        assertThat(read.key().text()).isEqualTo("cats%20%26%20dogs/3");
    }

    @Test
    void ignoresFieldsItDoesNotKnow() throws Exception {
        ObjectNode document = (ObjectNode) golden("manifest.json");
        document.put("colour-space", "sRGB").putObject("student").put("learning-rate", 0.5);

        assertThat(Manifest.fromBytes(JSON.writeValueAsBytes(document))
                        .student()
                        .learningRate())
                .isEqualTo(0.5);
    }

    @Test
    void namesAWhiteningByItsDigestAndWhereItStands() throws Exception {
        ObjectNode document = (ObjectNode) golden("manifest.json");
        JsonNode zca = golden("normalisation-zca.json");
        document.set("normalisation", zca);

        Manifest read = Manifest.fromBytes(JSON.writeValueAsBytes(document));

        assertThat(read.normalisation())
                .isEqualTo(new ZcaScale("zca", 0.1f, "ef".repeat(32), List.of("feed/whitening/ef/0")));
        assertThat(JSON.readTree(read.toBytes()).get("normalisation")).isEqualTo(zca);
    }

    @Test
    void refusesANormalisationThatItCannotUndo() throws IOException {
        for (String normalisation :
                List.of("{\"kind\":\"pca\"}", "{\"kind\":\"zca\",\"epsilon\":0.1}", "{\"mean\":[0.5]}", "{}")) {
            ObjectNode document = (ObjectNode) golden("manifest.json");
            document.set("normalisation", JSON.readTree(normalisation));

            assertThatThrownBy(() -> Manifest.fromBytes(JSON.writeValueAsBytes(document)))
                    .as(normalisation)
                    .isInstanceOf(WireException.class)
                    .hasMessageContaining("normalisation");
        }
    }

    @Test
    void refusesAnotherFormatVersionByName() throws IOException {
        ObjectNode document = ((ObjectNode) golden("manifest.json")).put("format", "reflux-manifest/2");

        assertThatThrownBy(() -> Manifest.fromBytes(JSON.writeValueAsBytes(document)))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("'reflux-manifest/2'")
                .hasMessageContaining("'reflux-manifest/1'");
    }

    @Test
    void refusesBytesThatAreNoManifest() {
        for (String bytes : List.of("", "null", "[]", "{", "{}", "{\"format\":\"reflux-manifest/1\"}")) {
            assertThatThrownBy(() -> Manifest.fromBytes(bytes.getBytes(StandardCharsets.UTF_8)))
                    .as(bytes)
                    .isInstanceOf(WireException.class);
        }
    }

    @Test
    void isPointedAtByItsDigest() throws Exception {
        byte[] value = manifest().toBytes();

        Pointer pointer = Pointer.fromBytes(Pointer.at(manifest(), value).toBytes());

        assertThat(pointer.generation()).isEqualTo(3);
        assertThat(pointer.manifest()).isEqualTo(Sha256.hex(value)).hasSize(64);
        assertThat(pointer.key().text()).isEqualTo("cats%20%26%20dogs");
    }

    private static Manifest manifest() {
        return new Manifest(
                Manifest.FORMAT,
                "cats & dogs",
                3,
                "8c5b5b0e-52a1-4d8f-9d2b-0d1f6a3f9a51",
                Instant.parse("2026-03-01T12:00:00Z"),
                List.of("cat", "dog"),
                List.of(1, 28, 28),
                Scale.of(new ChannelNormalisation(new float[] {0.5f}, new float[] {0.25f})),
                1,
                Recipe.of(RECIPE),
                new EvaluationReport(
                        new Accuracy(0.75, 0.01, 3), new Accuracy(0.5, 0.05, 5), new Accuracy(0.9, 0.005, 3)),
                0.46,
                new Volume(60_000, 30_000_000),
                new TreeMap<>(Map.of("cat", 300, "dog", 300)),
                new Volume(2, 7000),
                new TreeMap<>(Map.of(0, 15_000L, 1, 45_000L)),
                1,
                new TreeMap<>(Map.of("reflux.distillation.images-per-class", "1")),
                "0.1.0",
                List.of(
                        new ShardEntry("cats%20%26%20dogs/3/cat/0", "cat", 1, 3500, "ab".repeat(32)),
                        new ShardEntry("cats%20%26%20dogs/3/dog/0", "dog", 1, 3500, "cd".repeat(32))),
                null);
    }

    static JsonNode golden(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(ManifestTest.class.getResourceAsStream("/wire/" + name))) {
            return JSON.readTree(stream);
        }
    }
}
