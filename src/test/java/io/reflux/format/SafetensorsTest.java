package io.reflux.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SafetensorsTest {
    private static final Safetensors SMALL = new Safetensors(
            Map.of(
                    "images", Tensor.of(new byte[] {1, 2, 3, -1, 5, 6}, 1, 2, 3),
                    "rate", Tensor.of(new float[] {0.5f}),
                    "labels", Tensor.of(new long[] {3, -4}, 2),
                    "exact", Tensor.of(new double[] {Math.PI}, 1)),
            Map.of("format", "1", "name", "Grüße \"x\" \ud83d\ude00"));

    @Test
    void readsWhatItWrites() throws IOException {
        Safetensors read = Safetensors.decode(SMALL.encode());

        assertThat(read).isEqualTo(SMALL);
        assertThat(read.tensor("images").bytes()).containsExactly(1, 2, 3, -1, 5, 6);
        assertThat(read.tensor("images").shape()).containsExactly(1, 2, 3);
        assertThat(read.tensor("rate").floats()).containsExactly(0.5f);
        assertThat(read.tensor("labels").longs()).containsExactly(3, -4);
        assertThat(read.tensor("exact").doubles()).containsExactly(Math.PI);
        assertThat(read.meta("name")).isEqualTo("Grüße \"x\" \ud83d\ude00");
    }

    @Property(tries = 200)
    void anyContentSurvivesTheRoundTrip(
            @ForAll Map<String, float[]> floats,
            @ForAll Map<String, byte[]> bytes,
            @ForAll Map<String, String> metadata)
            throws FormatException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        floats.forEach((name, values) -> tensors.put("f" + name, Tensor.of(values, values.length)));
        bytes.forEach((name, values) -> tensors.put("b" + name, Tensor.of(values, 1, values.length)));
        Safetensors original = new Safetensors(tensors, metadata);

        byte[] encoded = original.encode();

        assertThat(Safetensors.decode(encoded)).isEqualTo(original);
        assertThat(Safetensors.decode(encoded).encode()).isEqualTo(encoded);
    }

    @Property(tries = 500)
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll String header) {
        assertOnlyFormatException(bytes);
        assertOnlyFormatException(file(header, 0));
        assertOnlyFormatException(file("{" + header, 0));
    }

    @Test
    void equalContentsGiveEqualBytesWhateverTheOrder() {
        Map<String, Tensor> reversed = new LinkedHashMap<>();
        SMALL.tensors().keySet().stream()
                .sorted(Comparator.reverseOrder())
                .forEach(name -> reversed.put(name, SMALL.tensors().get(name)));

        assertThat(new Safetensors(reversed, SMALL.metadata()).encode()).isEqualTo(SMALL.encode());
    }

    @Test
    void tensorDataStartsAlignedToEightBytes() {
        long header =
                ByteBuffer.wrap(SMALL.encode()).order(ByteOrder.LITTLE_ENDIAN).getLong();

        assertThat(header % 8).isZero();
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] whole = SMALL.encode();

        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Safetensors.decode(part)).isExactlyInstanceOf(FormatException.class);
        }
    }

    @Test
    void everyExtensionIsRefused() {
        byte[] whole = SMALL.encode();

        for (int extra = 1; extra < 20; extra++) {
            byte[] more = Arrays.copyOf(whole, whole.length + extra);
            assertThatThrownBy(() -> Safetensors.decode(more)).isExactlyInstanceOf(FormatException.class);
        }
    }

    @Test
    void everyChangedByteIsReadOrRefused() {
        byte[] whole = SMALL.encode();

        for (int at = 0; at < whole.length; at++) {
            for (int value : new int[] {0, 1, '"', '}', '9', 0x7f, 0xff}) {
                byte[] changed = whole.clone();
                changed[at] = (byte) value;
                assertOnlyFormatException(changed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
                "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[3,8]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[5,8]}}",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                        + "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} {}",
                "{\"__metadata__\":{\"k\":1},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "[]",
                " {}",
                "{\"a\":8}",
                "{"
            })
    void malformedHeaderIsRefused(String header) {
        assertThatThrownBy(() -> Safetensors.decode(file(header, 8))).isExactlyInstanceOf(FormatException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 100_000_001, 3})
    void impossibleHeaderLengthIsRefusedWithItsNumbers(long length) {
        byte[] file = ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();

        assertThatThrownBy(() -> Safetensors.decode(file))
                .isExactlyInstanceOf(FormatException.class)
                .hasMessageContaining(Long.toUnsignedString(length))
                .hasMessageContaining("2 after");
    }

    @Test
    void aTensorMayHaveNoElements() throws FormatException {
        Safetensors empty = new Safetensors(Map.of("none", Tensor.of(new float[0], 0, 3)), Map.of());

        assertThat(Safetensors.decode(empty.encode())).isEqualTo(empty);
    }

    @Test
    void missingNamesAreAnsweredWithThoseThereAre() {
        assertThatThrownBy(() -> SMALL.tensor("image"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("'image'")
                .hasMessageContaining("images");
        assertThatThrownBy(() -> SMALL.meta("version"))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("'version'")
                .hasMessageContaining("format");
        assertThatThrownBy(() -> SMALL.tensor("images", Tensor.Type.F32))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("U8 [1, 2, 3]");
    }

    @Test
    void writingReplacesTheFileAndLeavesNothingElse(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("set.safetensors");
        Files.writeString(file, "old");

        SMALL.write(file);

        assertThat(Safetensors.read(file)).isEqualTo(SMALL);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aDamagedFileIsNamed(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("set.safetensors");
        Files.write(file, Arrays.copyOf(SMALL.encode(), 100));

        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("set.safetensors");
    }

    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static void assertOnlyFormatException(byte[] bytes) {
        try {
            assertThat(Safetensors.decode(bytes).tensors()).isNotNull();
        } catch (FormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
