package io.reflux.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read by decoders that share no code with the encoders. */
final class IndependentReadersTest {
    private static final Map<String, Tensor> TENSORS = new LinkedHashMap<>();

    static {
        TENSORS.put("labels", Tensor.of(new long[] {3, -4}, 2));
        TENSORS.put("images", Tensor.of(new float[] {0.5f, -1, 2, 3e-9f, 5, 6}, 2, 1, 3));
        TENSORS.put("pixels", Tensor.of(new byte[] {1, 2, (byte) 255}, 3));
        TENSORS.put("exact", Tensor.of(new double[] {Math.PI}, 1, 1));
    }

    @Test
    void djlReadsSafetensors() {
        byte[] file = new Safetensors(TENSORS, Map.of("format", "1")).encode();

        try (NDManager manager = NDManager.newBaseManager()) {
            assertRead(NDList.decode(manager, file));
        }
    }

    @Test
    void djlReadsNpz() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDList list = NDList.decode(manager, Npz.encode(TENSORS));
            assertRead(list);
        }
    }

    @Test
    void safetensorsReadsWhatDjlWrites() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
            array.setName("x");

            Safetensors read = Safetensors.decode(new NDList(array).encode(NDList.Encoding.SAFETENSORS));

            assertThat(read.tensor("x").floats()).containsExactly(1, 2, 3, 4);
            assertThat(read.tensor("x").shape()).containsExactly(2, 2);
        }
    }

    @Test
    void numpyReadsNpz(@TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(run("import numpy").exitValue() == 0, "no python3 with numpy on this machine");
        Path file = directory.resolve("set.npz");
        Files.write(file, Npz.encode(TENSORS));
        Path copy = directory.resolve("copy.npz");
        Path deflated = directory.resolve("deflated.npz");

        Process python = run("import numpy; z = numpy.load(r'" + file + "');"
                + "[print(k, z[k].dtype, z[k].shape, z[k].ravel().tolist()) for k in z];"
                + "numpy.savez(r'" + copy + "', **z); numpy.savez_compressed(r'" + deflated + "', **z)");

        String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed.lines())
                .containsExactly(
                        "labels int64 (2,) [3, -4]",
                        "images float32 (2, 1, 3) [0.5, -1.0, 2.0, 3.000000026176508e-09, 5.0, 6.0]",
                        "pixels uint8 (3,) [1, 2, 255]",
                        "exact float64 (1, 1) [3.141592653589793]");
        assertThat(Npz.decode(Files.readAllBytes(copy))).isEqualTo(TENSORS);
        assertThat(Npz.decode(Files.readAllBytes(deflated))).isEqualTo(TENSORS);
    }

    private static void assertRead(NDList list) {
        Map<String, NDArray> arrays = list.stream().collect(Collectors.toMap(NDArray::getName, Function.identity()));
        assertThat(arrays.keySet()).isEqualTo(TENSORS.keySet());
        assertThat(array(arrays, "images").toFloatArray()).containsExactly(0.5f, -1, 2, 3e-9f, 5, 6);
        assertThat(array(arrays, "images").getShape().getShape()).containsExactly(2, 1, 3);
        assertThat(array(arrays, "labels").toLongArray()).containsExactly(3, -4);
        assertThat(array(arrays, "pixels").toUint8Array()).containsExactly(1, 2, 255);
        assertThat(array(arrays, "exact").toDoubleArray()).containsExactly(Math.PI);
        assertThat(array(arrays, "exact").getDataType()).isEqualTo(DataType.FLOAT64);
    }

    private static NDArray array(Map<String, NDArray> arrays, String name) {
        return arrays.get(name);
    }

    private static Process run(String program) throws InterruptedException {
        try {
            Process process = new ProcessBuilder("python3", "-c", program)
                    .redirectErrorStream(true)
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process;
        } catch (IOException e) {
            assumeTrue(false, "no python3 on this machine: " + e.getMessage());
            throw new IllegalStateException(e);
        }
    }
}
