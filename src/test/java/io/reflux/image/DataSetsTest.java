package io.reflux.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.reflux.format.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DataSetsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsIdx(boolean packed) throws IOException {
        writeIdx("train", 3, packed);
        writeIdx("t10k", 2, packed);

        DataSet set = DataSets.read(directory);

        assertThat(set.train().shape()).isEqualTo(new ImageShape(1, 2, 4));
        assertThat(set.train().labels()).containsExactly(0, 1, 2);
        assertThat(set.train().classes()).containsExactly("0", "1", "2");
        assertThat(set.train().image(1)).containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(set.test().size()).isEqualTo(2);
    }

    @Test
    void readsCifar10WithItsNames() throws IOException {
        writeCifar10();
        Files.writeString(directory.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");

        DataSet set = DataSets.read(directory);

        assertThat(set.train().size()).isEqualTo(10);
        assertThat(set.train().labels()).containsExactly(1, 2, 2, 3, 3, 4, 4, 5, 5, 6);
        assertThat(set.train().classes()).startsWith("a").endsWith("j");
        assertThat(set.train().image(2)).startsWith(2, 2).hasSize(3072);
        assertThat(set.test().labels()).containsExactly(0, 1);
    }

    @Test
    void readsCifar100ByItsFineLabels() throws IOException {
        byte[] image = new byte[2 + 3072];
        image[0] = 7;
        image[1] = 99;
        write("train.bin", image, true);
        write("test.bin", image, false);

        DataSet set = DataSets.read(directory);

        assertThat(set.train().labels()).containsExactly(99);
        assertThat(set.train().classes()).hasSize(100);
    }

    @Test
    void readsFoldersAndHoldsOutEveryFifthImage() throws IOException {
        for (int i = 0; i < 10; i++) {
            writePng("cat/" + i + ".png", i);
            writePng("dog/" + i + ".PNG", 100 + i);
        }
        Files.writeString(directory.resolve("cat/notes.txt"), "not an image");

        DataSet set = DataSets.read(directory);

        assertThat(set.train().classes()).containsExactly("cat", "dog");
        assertThat(set.train().size()).isEqualTo(16);
        assertThat(set.test().pixels()).containsExactly(4, 4, 9, 9, 104, 104, 109, 109);
    }

    @Test
    void readsFoldersWithATestFolder() throws IOException {
        writePng("train/cat/1.png", 1);
        writePng("train/dog/1.png", 2);
        writePng("test/dog/1.png", 3);

        DataSet set = DataSets.read(directory);

        assertThat(set.train().labels()).containsExactly(0, 1);
        assertThat(set.test().labels()).containsExactly(1);
        assertThat(set.test().pixels()).containsExactly(3, 3);
    }

    @Test
    void aHalfCopiedIdxFileIsNamedWithItsSizes() throws IOException {
        writeIdx("train", 3, false);
        writeIdx("t10k", 2, false);
        cut("train-images-idx3-ubyte", 30);

        assertRefused("train-images-idx3-ubyte", "expected 40 bytes", "found 30");
    }

    @Test
    void aHalfCopiedGzipFileIsNamedWithItsSizes() throws IOException {
        writeIdx("train", 3, true);
        writeIdx("t10k", 2, true);
        cut("t10k-images-idx3-ubyte.gz", 25);

        assertRefused("t10k-images-idx3-ubyte.gz", "ends early");
    }

    @Test
    void aMissingIdxFileIsNamed() throws IOException {
        writeIdx("train", 3, true);

        assertRefused("no file of test images", "t10k-images-idx3-ubyte");
    }

    @Test
    void labelsThatDoNotFitTheImagesAreRefused() throws IOException {
        writeIdx("train", 3, false);
        writeIdx("t10k", 2, false);
        write("train-labels-idx1-ubyte", ints(0x801, 2), new byte[2], false);

        assertRefused("train-labels-idx1-ubyte", "2 labels", "3 images");
    }

    @Test
    void anIdxHeaderThatClaimsGigabytesIsRefused() throws IOException {
        writeIdx("t10k", 2, false);
        writeIdx("train", 3, false);
        write("train-images-idx3-ubyte", ints(0x803, Integer.MAX_VALUE, 9999, 9999), new byte[4], false);

        assertRefused("train-images-idx3-ubyte", "found 20");
    }

    @Test
    void aMissingCifarBatchIsNamed() throws IOException {
        writeCifar10();
        Files.delete(directory.resolve("data_batch_4.bin.gz"));

        assertRefused("data_batch_4.bin");
    }

    @Test
    void aHalfCopiedCifarBatchIsNamedWithItsSizes() throws IOException {
        writeCifar10();
        write("data_batch_2.bin", new byte[3073 + 17], false);
        Files.delete(directory.resolve("data_batch_2.bin.gz"));
        assertRefused("data_batch_2.bin", "3073", "found 3090");

        write("data_batch_2.bin", new byte[3073], false);
        assertRefused("data_batch_2.bin", "expected 6146", "found 3073");
    }

    @Test
    void aWrongCifarLabelIsNamed() throws IOException {
        writeCifar10();
        byte[] batch = new byte[2 * 3073];
        batch[3073] = 10;
        write("test_batch.bin", batch, true);

        assertRefused("test_batch.bin", "record 1", "label 10");
    }

    @Test
    void aDamagedImageInAFolderIsNamed() throws IOException {
        writePng("train/cat/1.png", 1);
        writePng("test/cat/1.png", 1);
        cut("test/cat/1.png", 40);

        assertRefused("1.png", "40 bytes");
    }

    @Test
    void imagesOfDifferentShapesAreRefused() throws IOException {
        writePng("train/cat/1.png", 1);
        writePng("test/cat/1.png", 1);
        Files.write(directory.resolve("test/cat/2.png"), Png.encode(new ImageShape(1, 2, 2), new byte[4]));

        assertRefused("2.png", "1,2,2", "1,1,2");
    }

    @Test
    void foldersThatDoNotFitAreRefused() throws IOException {
        writePng("train/cat/1.png", 1);
        assertRefused("no folder test");

        writePng("test/dog/1.png", 1);
        assertRefused("dog", "without training images");

        writePng("train/dog/1.png", 1);
        Files.delete(directory.resolve("test/dog/1.png"));
        assertRefused("dog", "no PNG or JPEG");
    }

    @Test
    void tooFewImagesToHoldAnyOutAreRefused() throws IOException {
        writePng("cat/1.png", 1);

        assertRefused("0 test images");
    }

    @Test
    void whatIsThereAndWhatIsRecognisedIsTold() throws IOException {
        assertRefused("no files", "IDX", "CIFAR-10", "folders of PNG or JPEG");

        Files.writeString(directory.resolve("readme.md"), "x");
        assertRefused("readme.md");
        assertThatThrownBy(() -> DataSets.read(directory.resolve("missing")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("missing is not a directory");
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> DataSets.read(directory))
                .isExactlyInstanceOf(FormatException.class)
                .hasMessageContainingAll(parts);
    }

    private void writeIdx(String part, int images, boolean packed) throws IOException {
        byte[] pixels = new byte[images * 8];
        byte[] labels = new byte[images];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) i;
            labels[i / 8] = (byte) (i / 8);
        }
        write(part + "-images-idx3-ubyte", ints(0x803, images, 2, 4), pixels, packed);
        write(part + "-labels-idx1-ubyte", ints(0x801, images), labels, packed);
    }

    /** Two images a batch; the labels and pixels of batch b are b and b + 1. */
    private void writeCifar10() throws IOException {
        for (int batch = 0; batch <= 5; batch++) {
            byte[] content = new byte[2 * 3073];
            Arrays.fill(content, 0, 3073, (byte) batch);
            Arrays.fill(content, 3073, content.length, (byte) (batch + 1));
            write(batch == 0 ? "test_batch.bin" : "data_batch_" + batch + ".bin", content, true);
        }
    }

    private void writePng(String name, int value) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, Png.encode(new ImageShape(1, 1, 2), new byte[] {(byte) value, (byte) value}));
    }

    private void cut(String name, int length) throws IOException {
        Path file = directory.resolve(name);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    }

    private void write(String name, byte[] header, byte[] content, boolean packed) throws IOException {
        write(
                name,
                ByteBuffer.allocate(header.length + content.length)
                        .put(header)
                        .put(content)
                        .array(),
                packed);
    }

    private void write(String name, byte[] content, boolean packed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (packed) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
                gzip.write(content);
            }
        } else {
            bytes.writeBytes(content);
        }
        Files.write(directory.resolve(packed ? name + ".gz" : name), bytes.toByteArray());
    }

    private static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
        buffer.asIntBuffer().put(values);
        return buffer.array();
    }
}
