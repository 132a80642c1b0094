package io.reflux.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class NpzTest {
    private static final Map<String, Tensor> ARRAYS = new LinkedHashMap<>();

    static {
        ARRAYS.put("images", Tensor.of(new byte[] {1, 2, 3}, 3, 1));
        ARRAYS.put("labels", Tensor.of(new long[] {7}, 1));
    }

    @Test
    void readsWhatItWrites() throws FormatException {
        Map<String, Tensor> read = Npz.decode(Npz.encode(ARRAYS));

        assertThat(read).containsExactlyEntriesOf(ARRAYS);
        assertThat(Npz.decode(Npz.encode(Map.of()))).isEmpty();
    }

    @Test
    void theSameArraysGiveTheSameBytes() {
        assertThat(Npz.encode(ARRAYS)).isEqualTo(Npz.encode(new LinkedHashMap<>(ARRAYS)));
    }

    @Test
    void everyTruncationAndExtensionIsRefused() {
        byte[] whole = Npz.encode(ARRAYS);

        for (int length = 0; length < whole.length + 30; length++) {
            byte[] other = Arrays.copyOf(whole, length);
            if (length != whole.length) {
                assertThatThrownBy(() -> Npz.decode(other)).isExactlyInstanceOf(FormatException.class);
            }
        }
    }

    @Test
    void everyChangedByteIsReadOrRefused() {
        byte[] whole = Npz.encode(ARRAYS);

        for (int at = 0; at < whole.length; at++) {
            for (int change : new int[] {1, 0x80, 0xff}) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) change;
                assertReadOrRefused(changed);
            }
        }
    }

    @Property(tries = 300)
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
        assertReadOrRefused(bytes);
    }

    @Test
    void moreThanTheLimitsIsRefused() throws IOException {
        byte[] bomb = deflated("zeros.npy", Npy.encode(Tensor.of(new byte[1 << 20], 1 << 20)));

        assertThat(bomb).hasSizeLessThan(10_000);
        assertThatThrownBy(() -> Npz.decode(bomb, 10, 1 << 16))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> Npz.decode(Npz.encode(ARRAYS), 1, 1 << 16))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("more than 1");
        assertThat(Npz.decode(bomb)).containsOnlyKeys("zeros");
    }

    @Test
    void filesOfAnotherKindAreNamed() throws IOException {
        byte[] archive = deflated("readme.txt", new byte[] {'x'});

        assertThatThrownBy(() -> Npz.decode(archive))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("readme.txt");
    }

    private static byte[] deflated(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private static void assertReadOrRefused(byte[] bytes) {
        try {
            assertThat(Npz.decode(bytes)).isNotNull();
        } catch (FormatException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
