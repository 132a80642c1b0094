package io.reflux.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NpyTest {
    private static final Tensor SMALL = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);

    @Test
    void hasTheLayoutOfThePublishedFormat() {
        ByteBuffer file = ByteBuffer.wrap(Npy.encode(SMALL)).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(file.get() & 0xff).isEqualTo(0x93);
        assertThat(text(file, 5)).isEqualTo("NUMPY");
        assertThat(file.getShort()).as("version 1.0").isEqualTo((short) 1);
        int length = file.getShort();
        String header = text(file, length);
        assertThat((10 + length) % 64).isZero();
        assertThat(header)
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }")
                .endsWith("\n");
        assertThat(header.substring(header.indexOf('}') + 1)).isBlank();
        assertThat(IntStream.range(0, 6).mapToObj(i -> file.getFloat())).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
        assertThat(file.hasRemaining()).isFalse();
    }

    @Test
    void writesTuplesAsPythonDoes() {
        assertThat(header(Tensor.of(new byte[3], 3))).contains("'|u1'").contains("(3,)");
        assertThat(header(Tensor.of(new long[1]))).contains("'<i8'").contains("()");
    }

    @Property
    void anyArraySurvivesTheRoundTrip(@ForAll byte[] bytes, @ForAll float[] floats, @ForAll long[] longs)
            throws FormatException {
        for (Tensor tensor : new Tensor[] {
            Tensor.of(bytes, bytes.length), Tensor.of(floats, 1, floats.length), Tensor.of(longs, longs.length, 1, 1)
        }) {
            assertThat(Npy.decode(Npy.encode(tensor))).isEqualTo(tensor);
        }
    }

    @Property(tries = 500)
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes, @ForAll String dict) {
        assertReadOrRefused(bytes);
        assertReadOrRefused(file(dict, 8));
        assertReadOrRefused(file("{" + dict + "}\n", 8));
    }

    @Test
    void everyTruncationAndExtensionIsRefused() {
        byte[] whole = Npy.encode(SMALL);

        for (int length = 0; length < whole.length + 9; length++) {
            byte[] other = Arrays.copyOf(whole, length);
            if (length != whole.length) {
                assertThatThrownBy(() -> Npy.decode(other)).isExactlyInstanceOf(FormatException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }",
                "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
                "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
                "{'descr': '<f4', 'fortran_order': False, }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 'x'}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"
            })
    void anotherHeaderIsRefused(String dict) {
        assertThatThrownBy(() -> Npy.decode(file(dict, 8))).isExactlyInstanceOf(FormatException.class);
    }

    @Test
    void theOrderOfTheHeaderDoesNotMatter() throws FormatException {
        byte[] file = file("{'shape':(2 , 1),'fortran_order':False,'descr':'<f4'}   \n", 8);

        assertThat(Npy.decode(file)).isEqualTo(Tensor.of(new float[2], 2, 1));
    }

    @Test
    void numpyHasNoBrainFloat() {
        Tensor tensor = Tensor.ofLittleEndian(Tensor.Type.BF16, new int[] {1}, new byte[2]);

        assertThatIllegalArgumentException().isThrownBy(() -> Npy.encode(tensor));
    }

    private static void assertReadOrRefused(byte[] bytes) {
        try {
            assertThat(Npy.decode(bytes)).isNotNull();
        } catch (FormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    private static byte[] file(String dict, int dataBytes) {
        byte[] header = dict.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(10 + header.length + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 1)
                .putShort((short) header.length)
                .put(header)
                .array();
    }

    private static String header(Tensor tensor) {
        byte[] file = Npy.encode(tensor);
        return new String(file, 10, file[8], StandardCharsets.US_ASCII);
    }

    private static String text(ByteBuffer file, int length) {
        byte[] bytes = new byte[length];
        file.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
