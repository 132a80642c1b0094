package io.reflux.image;

import io.reflux.format.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads the binary version of CIFAR-10 and CIFAR-100: records of one label byte, or a coarse and a fine one, and a
 * 3×32×32 image in CHW order.
 */
public final class CifarReader implements DataSetReader {
    private static final ImageShape SHAPE = new ImageShape(3, 32, 32);

    /**
     * The files of one version.
     *
     * @param labelBytes before each image; the last is the class
     */
    private record Layout(List<String> train, List<String> test, String names, int labelBytes, int classes) {
        private int recordBytes() {
            return labelBytes + SHAPE.size();
        }
    }

    private static final Layout CIFAR_10 = new Layout(
            List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"),
            List.of("test_batch.bin"),
            "batches.meta.txt",
            1,
            10);

    private static final Layout CIFAR_100 =
            new Layout(List.of("train.bin"), List.of("test.bin"), "fine_label_names.txt", 2, 100);

    @Override
    public String format() {
        return "CIFAR-10 binary (data_batch_1.bin to data_batch_5.bin, test_batch.bin, each plain or .gz, and"
                + " batches.meta.txt) or CIFAR-100 binary (train.bin, test.bin, fine_label_names.txt)";
    }

    @Override
    public boolean recognises(Path directory) throws IOException {
        return layout(directory).isPresent();
    }

    @Override
    public DataSet read(Path directory) throws IOException {
        Layout layout = layout(directory)
                .orElseThrow(() -> new FormatException(directory + " holds no CIFAR files; expected " + format()));
        List<String> classes = classes(directory, layout);
        return new DataSet(
                DataSets.name(directory),
                readAll(directory, layout, layout.train, classes),
                readAll(directory, layout, layout.test, classes));
    }

    private static Optional<Layout> layout(Path directory) throws IOException {
        for (Layout layout : List.of(CIFAR_10, CIFAR_100)) {
            for (String name : layout.train) {
                if (PackedFile.find(directory, name).isPresent()) {
                    return Optional.of(layout);
                }
            }
            if (PackedFile.find(directory, layout.test.get(0)).isPresent()) {
                return Optional.of(layout);
            }
        }
        return Optional.empty();
    }

    private static List<String> classes(Path directory, Layout layout) throws IOException {
        Optional<Path> file = PackedFile.find(directory, layout.names);
        if (file.isEmpty()) {
            return IntStream.range(0, layout.classes)
                    .mapToObj(Integer::toString)
                    .toList();
        }
        PackedFile names = PackedFile.read(file.get());
        List<String> classes = new String(names.content(), StandardCharsets.UTF_8)
                .lines()
                .map(String::trim)
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
        if (classes.size() != layout.classes) {
            throw names.wrong("expected " + layout.classes + " distinct class names, found " + classes.size());
        }
        return classes;
    }

    private static ImageSet readAll(Path directory, Layout layout, List<String> names, List<String> classes)
            throws IOException {
        List<PackedFile> files = new ArrayList<>();
        long records = 0;
        for (String name : names) {
            PackedFile file = PackedFile.require(directory, name);
            requireRecords(file, layout, files.isEmpty() ? file : files.get(0));
            files.add(file);
            records += file.content().length / layout.recordBytes();
        }
        if (records * SHAPE.size() > Integer.MAX_VALUE - 8) {
            throw new FormatException(directory + " holds " + records + " images, more than 2 GiB");
        }
        byte[] pixels = new byte[(int) records * SHAPE.size()];
        int[] labels = new int[(int) records];
        int next = 0;
        for (PackedFile file : files) {
            next = unpack(file, layout, pixels, labels, next);
        }
        return new ImageSet(SHAPE, classes, pixels, labels);
    }

    /** A batch is a whole number of records, and the batches of a data set are of one size. */
    private static void requireRecords(PackedFile file, Layout layout, PackedFile first) throws FormatException {
        int found = file.content().length;
        if (found == 0 || found % layout.recordBytes() != 0) {
            throw file.wrong("expected records of " + layout.recordBytes() + " bytes, found " + found
                    + " bytes, which is " + found / layout.recordBytes() + " records and "
                    + found % layout.recordBytes() + " bytes");
        }
        file.requireSize(first.content().length);
    }

    private static int unpack(PackedFile file, Layout layout, byte[] pixels, int[] labels, int start)
            throws FormatException {
        byte[] content = file.content();
        int image = start;
        for (int at = 0; at < content.length; at += layout.recordBytes(), image++) {
            labels[image] = content[at + layout.labelBytes - 1] & 0xff;
            if (labels[image] >= layout.classes) {
                throw file.wrong("record " + at / layout.recordBytes() + " has label " + labels[image]
                        + ", expected less than " + layout.classes);
            }
            System.arraycopy(content, at + layout.labelBytes, pixels, image * SHAPE.size(), SHAPE.size());
        }
        return image;
    }
}
