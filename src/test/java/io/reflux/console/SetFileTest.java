package io.reflux.console;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.distill.DistilledSet;
import io.reflux.format.Npz;
import io.reflux.nn.ZcaNormalisation;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SetFileTest {
    private static final DistilledSet SET = TinySets.ofTwoClasses();

    @TempDir
    Path directory;

    @Test
    void writesASafetensorsFileThatAnIndependentDecoderReads() throws Exception {
        Path file = directory.resolve("set.safetensors");

        SetFile.of(file).write(SET);

        try (NDManager manager = NDManager.newBaseManager();
                InputStream stream = Files.newInputStream(file)) {
            NDList tensors = NDList.decode(manager, stream);
            assertThat(tensors.get("images").getShape()).isEqualTo(new Shape(4, 1, 2, 2));
            assertThat(tensors.get("images").toFloatArray()).isEqualTo(SET.images());
            assertThat(tensors.get("labels").toFloatArray()).isEqualTo(SET.labels());
        }
    }

    @Test
    void readsBackWhatItWrites() throws Exception {
        Path file = directory.resolve("set.safetensors");
        SetFile.of(file).write(SET);

        DistilledSet read = SetFile.read(file);

        assertThat(read.images()).isEqualTo(SET.images());
        assertThat(read.classes()).isEqualTo(SET.classes());
        assertThat(read.recipe()).isEqualTo(SET.recipe());
    }

    @Test
    void writesAnNpzFileOfTheArrays() throws Exception {
        Path file = directory.resolve("set.npz");

        SetFile.of(file).write(SET);

        assertThat(Npz.decode(Files.readAllBytes(file)).get("images").floats()).isEqualTo(SET.images());
    }

    @Test
    void carriesAWhiteningInBothFormats() throws Exception {
        Path whole = directory.resolve("set.safetensors");
        Path arrays = directory.resolve("set.npz");
        DistilledSet whitened = TinySets.whitened();
        ZcaNormalisation zca = (ZcaNormalisation) whitened.normalisation();

        SetFile.of(whole).write(whitened);
        SetFile.of(arrays).write(whitened);

        assertThat(SetFile.read(whole).normalisation()).isEqualTo(zca);
        assertThat(Npz.decode(Files.readAllBytes(arrays)).get("whitening.mean").floats())
                .isEqualTo(zca.mean());
        assertThat(Npz.decode(Files.readAllBytes(arrays))
                        .get("whitening.transform")
                        .floats())
                .isEqualTo(zca.transform());
    }

    @Test
    void showsTheOriginalPicturesOfAWhitenedSet() throws Exception {
        Path folder = directory.resolve("pictures");

        SetFile.of(folder).write(TinySets.whitened());

        for (int i = 0; i < 2; i++) {
            BufferedImage picture =
                    ImageIO.read(folder.resolve("cat").resolve(i + ".png").toFile());
            for (int p = 0; p < 4; p++) {
                int expected = TinySets.PIXELS[i * 4 + p] & 0xff;
                int shown = picture.getRaster().getSample(p % 2, p / 2, 0);
                assertThat(shown).isBetween(expected - 1, expected + 1);
            }
        }
    }

    @Test
    void writesAFolderOfPicturesByClassWithAContactSheet() throws Exception {
        Path folder = directory.resolve("pictures");

        SetFile.of(folder).write(SET);

        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> folder.relativize(file).toString().replace('\\', '/')))
                    .containsExactlyInAnyOrder(
                            "cat/0.png", "cat/1.png", "dog_wolf/0.png", "dog_wolf/1.png", "contact-sheet.png");
        }
        assertThat(ImageIO.read(folder.resolve("cat/0.png").toFile()).getWidth())
                .isEqualTo(2);
        assertThat(ImageIO.read(folder.resolve("contact-sheet.png").toFile()).getWidth())
                .isGreaterThan(2);
    }

    @Test
    void putsAnImageIntoTheFolderOfItsClassWhateverItsSoftLabel() throws Exception {
        Path folder = directory.resolve("pictures");
        DistilledSet soft = new DistilledSet(
                SET.shape(),
                SET.classes(),
                SET.normalisation(),
                SET.images(),
                new float[] {0.2f, 0.8f, 0.9f, 0.1f, 0.6f, 0.4f, 0.3f, 0.7f},
                SET.recipe(),
                new int[] {0, 0, 1, 1});

        SetFile.of(folder).write(soft);
        SetFile.of(directory.resolve("set.npz")).write(soft);

        assertThat(folder.resolve("cat/1.png")).exists();
        assertThat(folder.resolve("dog_wolf/1.png")).exists();
        assertThat(folder.resolve("dog_wolf/2.png")).doesNotExist();
        assertThat(Npz.decode(Files.readAllBytes(directory.resolve("set.npz")))
                        .get("class")
                        .longs())
                .containsExactly(0, 0, 1, 1);
    }

    @Test
    void leavesNoDraftBehind() throws Exception {
        SetFile.of(directory.resolve("set.npz")).write(SET);

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("set.npz");
        }
    }
}
