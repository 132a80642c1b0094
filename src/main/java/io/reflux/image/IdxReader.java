package io.reflux.image;

import io.reflux.format.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Reads gray images in the IDX format of MNIST: big-endian magic number and sizes, then unsigned bytes. Classes have no
 * names there and are called by their number.
 */
public final class IdxReader implements DataSetReader {
    private static final int IMAGES_MAGIC = 0x803;
    private static final int LABELS_MAGIC = 0x801;
    private static final String TRAIN = "train";
    private static final String TEST = "(?:t10k|test)";

    @Override
    public String format() {
        return "IDX (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte,"
                + " t10k-labels-idx1-ubyte, each plain or .gz)";
    }

    @Override
    public boolean recognises(Path directory) throws IOException {
        return PackedFile.find(directory, name("(?:train|t10k|test)", "(?:images|labels)"))
                .isPresent();
    }

    @Override
    public DataSet read(Path directory) throws IOException {
        Part train = readPart(directory, TRAIN);
        Part test = readPart(directory, TEST);
        if (!train.shape.equals(test.shape)) {
            throw new FormatException(
                    directory + " has training images of " + train.shape + " and test images of " + test.shape);
        }
        int classes = 1 + Math.max(largest(train.labels), largest(test.labels));
        List<String> names =
                IntStream.range(0, classes).mapToObj(Integer::toString).toList();
        return new DataSet(DataSets.name(directory), train.set(names), test.set(names));
    }

    private static Part readPart(Path directory, String part) throws IOException {
        PackedFile images = require(directory, part, "images");
        PackedFile labels = require(directory, part, "labels");
        int[] sizes = sizes(images, IMAGES_MAGIC, 3);
        int[] labelled = sizes(labels, LABELS_MAGIC, 1);
        if (sizes[0] != labelled[0]) {
            throw labels.wrong(labelled[0] + " labels do not fit the " + sizes[0] + " images of " + images.file());
        }
        byte[] content = images.content();
        byte[] pixels = Arrays.copyOfRange(content, headerBytes(3), content.length);
        ByteBuffer bytes = ByteBuffer.wrap(labels.content());
        int[] classes = IntStream.range(0, labelled[0])
                .map(i -> bytes.get(headerBytes(1) + i) & 0xff)
                .toArray();
        return new Part(new ImageShape(1, sizes[1], sizes[2]), pixels, classes);
    }

    private static PackedFile require(Path directory, String part, String content) throws IOException {
        Optional<Path> file = PackedFile.find(directory, name(part, content));
        if (file.isEmpty()) {
            throw new FormatException(directory + " has no file of " + (part.equals(TRAIN) ? "training " : "test ")
                    + content + " beside its other IDX files; expected "
                    + new IdxReader().format());
        }
        return PackedFile.read(file.get());
    }

    /** The sizes the header tells, which the file's length has to confirm. */
    private static int[] sizes(PackedFile file, int magic, int dimensions) throws FormatException {
        int headerBytes = headerBytes(dimensions);
        if (file.content().length < headerBytes) {
            throw file.wrong("expected a header of " + headerBytes + " bytes, found " + file.content().length);
        }
        ByteBuffer header = ByteBuffer.wrap(file.content());
        if (header.getInt(0) != magic) {
            throw file.wrong(String.format("expected the magic number %08x, found %08x", magic, header.getInt(0)));
        }
        int[] sizes = new int[dimensions];
        double elements = 1;
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = header.getInt((i + 1) * Integer.BYTES);
            elements *= sizes[i];
            if (sizes[i] < 1) {
                throw file.wrong("size " + i + " in its header is " + Integer.toUnsignedString(sizes[i])
                        + ", expected 1 to " + Integer.MAX_VALUE);
            }
        }
        file.requireSize((long) Math.min(headerBytes + elements, Long.MAX_VALUE));
        return sizes;
    }

    private static int headerBytes(int dimensions) {
        return (1 + dimensions) * Integer.BYTES;
    }

    private static Pattern name(String part, String content) {
        return Pattern.compile("(?:.*-)?" + part + "-" + content + "[.-]idx[13]-ubyte");
    }

    private static int largest(int[] labels) {
        return Arrays.stream(labels).max().orElse(0);
    }

    /** Images and labels before the classes are counted. */
    private record Part(ImageShape shape, byte[] pixels, int[] labels) {
        private ImageSet set(List<String> classes) {
            return new ImageSet(shape, classes, pixels, labels);
        }
    }
}
