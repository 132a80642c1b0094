package io.reflux.console;

import io.reflux.distill.DistilledSet;
import io.reflux.format.FormatException;
import io.reflux.format.Npz;
import io.reflux.format.Safetensors;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A distilled set on disk; the ending says how: {@code .safetensors} (all that is in a set), {@code .npz} (its arrays),
 * or none for a folder of PNGs by class with a contact sheet.
 */
public record SetFile(Path path, Kind kind) {
    enum Kind {
        SAFETENSORS,
        NPZ,
        FOLDER
    }

    /** @throws CommandException when the ending is none of these */
    public static SetFile of(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            return new SetFile(path, Kind.SAFETENSORS);
        } else if (name.endsWith(".npz")) {
            return new SetFile(path, Kind.NPZ);
        } else if (name.lastIndexOf('.') <= 0 || Files.isDirectory(path)) {
            return new SetFile(path, Kind.FOLDER);
        }
        throw CommandException.usage("the ending of " + path
                + " tells no format: end it in .safetensors or .npz, or leave the ending out for a folder of PNGs");
    }

    /**
     * Makes sure that it can be written.
     *
     * @throws CommandException when it cannot
     */
    public void requireWritable() {
        if (kind == Kind.FOLDER) {
            OutputPath.requireFolder(path);
        } else {
            OutputPath.requireFile(path);
        }
    }

    public void write(DistilledSet set) {
        if (kind == Kind.FOLDER) {
            writeFolder(set);
        } else {
            OutputPath.write(
                    path, kind == Kind.NPZ ? Npz.encode(set.toSafetensors().tensors()) : safetensors(set));
        }
    }

    private static byte[] safetensors(DistilledSet set) {
        return set.toSafetensors().encode();
    }

    /**
     * Reads a set from its safetensors file.
     *
     * @throws CommandException when there is no such file, or it is not one
     */
    public static DistilledSet read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandException.failure("there is no file " + file
                    + "; name a .safetensors file that 'reflux distill' or 'reflux consume' wrote");
        }
        try {
            return DistilledSet.fromSafetensors(Safetensors.read(file));
        } catch (FormatException e) {
            throw CommandException.failure(
                    file + " is no distilled set in a .safetensors file: " + withoutName(file, e), e);
        }
    }

    private static String withoutName(Path file, FormatException failure) {
        String message = String.valueOf(failure.getMessage());
        return message.startsWith(file + ": ") ? message.substring((file + ": ").length()) : message;
    }

    private void writeFolder(DistilledSet set) {
        int[] counts = new int[set.classes().size()];
        byte[] pixels = set.pixels();
        for (int i = 0; i < set.size(); i++) {
            int label = set.classOf(i);
            Path folder = path.resolve(folderName(label, set.classes()));
            byte[] image = image(set.shape(), pixels, i);
            OutputPath.write(folder.resolve(counts[label] + ".png"), Png.encode(set.shape(), image));
            counts[label]++;
        }
        OutputPath.write(path.resolve("contact-sheet.png"), PairSheet.of(set));
    }

    /** A class's name, without the characters that mean something to a file system. */
    private static String folderName(int label, List<String> classes) {
        String name = classes.get(label).replaceAll("[^\\p{L}\\p{N}._ -]", "_").strip();
        long same = classes.stream()
                .filter(other ->
                        other.replaceAll("[^\\p{L}\\p{N}._ -]", "_").strip().equals(name))
                .count();
        return name.isEmpty() || name.startsWith(".") || same > 1 ? label + "-" + name.replaceAll("^\\.+", "") : name;
    }

    static byte[] image(ImageShape shape, byte[] pixels, int i) {
        return Arrays.copyOfRange(pixels, i * shape.size(), (i + 1) * shape.size());
    }
}
