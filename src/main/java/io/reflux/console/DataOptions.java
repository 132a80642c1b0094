package io.reflux.console;

import io.reflux.image.DataSet;
import io.reflux.image.DataSets;
import io.reflux.image.GeneratedShapes;
import io.reflux.image.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which images a command works on. */
public final class DataOptions {
    private static final ImageShape DRAWN = new ImageShape(3, 16, 16);
    private static final int DRAWN_TO_LEARN = 1000;
    private static final int DRAWN_TO_TEST = 200;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = {
                "The images: a folder with IDX files (MNIST and its kin, gzipped or not), the CIFAR-10 or CIFAR-100"
                        + " binary files, or a folder for each class with PNG or JPEG files.",
                "Without it, images of ten classes are drawn, the same for the same seed."
            })
    private @Nullable Path folder;

    /**
     * The images named, or drawn ones.
     *
     * @param seed of the drawn ones
     * @throws IOException naming the file, when one is missing or damaged
     */
    public DataSet load(Terminal terminal, long seed) throws IOException {
        return load(folder, terminal, seed);
    }

    /**
     * The images in a folder, or drawn ones when it is null.
     *
     * @param seed of the drawn ones
     * @throws IOException naming the file, when one is missing or damaged
     */
    public static DataSet load(@Nullable Path folder, Terminal terminal, long seed) throws IOException {
        DataSet data = folder == null ? draw(seed) : read(folder);
        terminal.note(data.name() + ": " + data.train() + ", and "
                + Table.count(data.test().size()) + " to test on");
        return data;
    }

    private static DataSet draw(long seed) {
        return GeneratedShapes.generate(DRAWN, DRAWN_TO_LEARN, DRAWN_TO_TEST, seed);
    }

    private static DataSet read(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw CommandException.failure("there is no folder " + folder
                    + "; name one with images by --data, or leave --data out for drawn ones");
        }
        return DataSets.read(folder);
    }
}
