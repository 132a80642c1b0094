package io.reflux.image;

import io.reflux.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads PNG and JPEG files of one shape, in a folder for each class: {@code train/<class>} and {@code test/<class>}, or
 * {@code <class>} alone, where every fifth file of a class, by name, is a test image.
 */
public final class FolderReader implements DataSetReader {
    private static final long MOST_PIXELS = 1L << 24;
    private static final int FIFTH = 5;
    private static final String TRAIN = "train";
    private static final String TEST = "test";

    private final ImageDecoder decoder = new ImageDecoder(MOST_PIXELS);

    /** A file and its class. */
    private record Labelled(Path file, int label) {}

    @Override
    public String format() {
        return "folders of PNG or JPEG images (train/<class>/… and test/<class>/…, or <class>/… alone)";
    }

    @Override
    public boolean recognises(Path directory) throws IOException {
        if (Files.isDirectory(directory.resolve(TRAIN)) || Files.isDirectory(directory.resolve(TEST))) {
            return true;
        }
        for (Path folder : folders(directory)) {
            if (!images(folder).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public DataSet read(Path directory) throws IOException {
        boolean split = Files.isDirectory(directory.resolve(TRAIN)) || Files.isDirectory(directory.resolve(TEST));
        Path trainFolder = split ? requireFolder(directory, TRAIN) : directory;
        Path testFolder = split ? requireFolder(directory, TEST) : directory;
        List<String> classes =
                folders(trainFolder).stream().map(FolderReader::name).toList();
        List<Labelled> train = list(trainFolder, classes, i -> split || i % FIFTH != FIFTH - 1);
        List<Labelled> test = list(testFolder, classes, i -> split || i % FIFTH == FIFTH - 1);
        if (train.isEmpty() || test.isEmpty()) {
            throw new FormatException(directory + " has " + train.size() + " training and " + test.size()
                    + " test images; without a test folder a class needs at least " + FIFTH + " images");
        }
        ImageShape shape = decode(train.get(0).file).shape();
        return new DataSet(DataSets.name(directory), readAll(train, classes, shape), readAll(test, classes, shape));
    }

    private static Path requireFolder(Path directory, String name) throws FormatException {
        Path folder = directory.resolve(name);
        if (!Files.isDirectory(folder)) {
            throw new FormatException(directory + " has no folder " + name + " beside the other one");
        }
        return folder;
    }

    private static List<Labelled> list(Path folder, List<String> classes, IntPredicate wanted) throws IOException {
        List<Labelled> labelled = new ArrayList<>();
        for (Path classFolder : folders(folder)) {
            int label = classes.indexOf(name(classFolder));
            List<Path> files = images(classFolder);
            if (label < 0 || files.isEmpty()) {
                throw new FormatException(classFolder
                        + (label < 0 ? " is a class without training images" : " holds no PNG or JPEG images"));
            }
            IntStream.range(0, files.size())
                    .filter(wanted)
                    .forEach(i -> labelled.add(new Labelled(files.get(i), label)));
        }
        return labelled;
    }

    private ImageSet readAll(List<Labelled> labelled, List<String> classes, ImageShape shape) throws IOException {
        if ((long) labelled.size() * shape.size() > Integer.MAX_VALUE - 8) {
            throw new FormatException(labelled.size() + " images of " + shape + " take more than 2 GiB");
        }
        byte[] pixels = new byte[labelled.size() * shape.size()];
        for (int i = 0; i < labelled.size(); i++) {
            DecodedImage image = decode(labelled.get(i).file);
            if (!image.shape().equals(shape)) {
                throw new FormatException(labelled.get(i).file + " is of shape " + image.shape() + ", expected " + shape
                        + " as the first image; bring all images to one shape");
            }
            System.arraycopy(image.pixels(), 0, pixels, i * shape.size(), shape.size());
        }
        return new ImageSet(
                shape,
                classes,
                pixels,
                labelled.stream().mapToInt(Labelled::label).toArray());
    }

    private DecodedImage decode(Path file) throws IOException {
        try {
            return decoder.decode(contentType(file).orElseThrow(), null, Files.readAllBytes(file));
        } catch (UndecodableImageException e) {
            throw new FormatException(file + " (" + Files.size(file) + " bytes): " + e.getMessage(), e);
        }
    }

    private static List<Path> folders(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(
                            entry -> Files.isDirectory(entry) && !name(entry).startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> images(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(
                            entry -> Files.isRegularFile(entry) && !name(entry).startsWith("."))
                    .filter(entry -> contentType(entry).isPresent())
                    .sorted()
                    .toList();
        }
    }

    private static Optional<String> contentType(Path file) {
        String name = name(file).toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            return Optional.of("image/png");
        }
        return name.endsWith(".jpg") || name.endsWith(".jpeg") ? Optional.of("image/jpeg") : Optional.empty();
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
