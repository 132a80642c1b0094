package io.reflux.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorRowsTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("rows.safetensors");
        new Safetensors(
                        Map.of(
                                "before", Tensor.of(new byte[] {9, 9, 9}, 3),
                                "rows", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2),
                                "scalar", Tensor.of(new float[] {7}),
                                "zz", Tensor.of(new long[] {8}, 1)),
                        Map.of("format", "test"))
                .write(file);
    }

    @Test
    void readsTheRowsAskedForWhereverTheTensorStands() throws IOException {
        Tensor middle = TensorRows.read(file, "rows", 1, 2);
        Tensor all = TensorRows.read(file, "rows", 0, 3);
        Tensor none = TensorRows.read(file, "rows", 3, 3);

        assertThat(middle.shape()).containsExactly(1, 2);
        assertThat(middle.floats()).containsExactly(3, 4);
        assertThat(all).isEqualTo(Safetensors.read(file).tensor("rows"));
        assertThat(none.shape()).containsExactly(0, 2);
        assertThat(TensorRows.read(file, "zz", 0, 1).longs()).containsExactly(8);
    }

    @Test
    void refusesRowsThatAreNotThere() {
        for (int[] rows : new int[][] {{0, 4}, {-1, 1}, {2, 1}}) {
            assertThatThrownBy(() -> TensorRows.read(file, "rows", rows[0], rows[1]))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("rows.safetensors: no rows " + rows[0] + " to " + rows[1])
                    .hasMessageContaining("[3, 2]");
        }
        assertThatThrownBy(() -> TensorRows.read(file, "else", 0, 1)).hasMessageContaining("'else'");
        assertThatThrownBy(() -> TensorRows.read(file, "scalar", 0, 1)).isInstanceOf(FormatException.class);
        assertThatThrownBy(() -> TensorRows.read(directory.resolve("no"), "rows", 0, 1))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void refusesAFileCutAnywhere() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> TensorRows.read(file, "rows", 0, 1))
                    .as("%d bytes", length)
                    .isInstanceOf(FormatException.class);
        }
    }

    @Test
    void refusesAHeaderLongerThanTheFile() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (byte claim : new byte[] {1, -1}) {
            bytes[7] = claim;
            Files.write(file, bytes);

            assertThatThrownBy(() -> TensorRows.read(file, "rows", 0, 1))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("the header claims");
        }
    }
}
