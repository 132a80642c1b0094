package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reads the published data sets where they are at hand. */
final class RealSetsTest {
    @Test
    void readsFashionMnist() throws IOException {
        DataSet set = DataSets.read(directory("fashion-mnist"));

        assertThat(set.name()).isEqualTo("fashion-mnist");
        assertThat(set.train().shape()).isEqualTo(new ImageShape(1, 28, 28));
        assertThat(set.train().classes()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertBalanced(set.train(), 6_000);
        assertBalanced(set.test(), 1_000);
        assertThat(Arrays.copyOf(set.train().labels(), 5)).containsExactly(9, 0, 0, 3, 0);
        assertThat(Arrays.copyOf(set.test().labels(), 5)).containsExactly(9, 2, 1, 1, 6);
    }

    @Test
    void readsCifar10() throws IOException {
        DataSet set = DataSets.read(directory("cifar10"));

        assertThat(set.train().shape()).isEqualTo(new ImageShape(3, 32, 32));
        assertThat(set.train().classes())
                .startsWith("airplane", "automobile", "bird")
                .endsWith("truck");
        assertBalanced(set.train(), 5_000);
        assertBalanced(set.test(), 1_000);
        assertThat(Arrays.copyOf(set.train().labels(), 5)).containsExactly(6, 9, 9, 4, 1);
        assertThat(Arrays.copyOf(set.test().labels(), 5)).containsExactly(3, 8, 8, 0, 6);
        // The first pixel of the first training image, a frog: 59, 62, 63.
        byte[] frog = set.train().image(0);
        assertThat(new int[] {frog[0], frog[1024], frog[2048]}).containsExactly(59, 62, 63);
    }

    private static Path directory(String name) {
        Path root = Path.of(Optional.ofNullable(System.getenv("REFLUX_DATA")).orElse("../shared/data"));
        Path directory = root.resolve(name);
        assumeTrue(
                Files.isDirectory(directory),
                "no " + name + " in " + root + "; name the folder that holds it in REFLUX_DATA");
        return directory;
    }

    private static void assertBalanced(ImageSet set, int perClass) {
        int[] counts = new int[set.classes().size()];
        Arrays.stream(set.labels()).forEach(label -> counts[label]++);
        assertThat(counts).hasSize(10).containsOnly(perClass);
    }
}
