package io.reflux.image;

import io.reflux.format.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads whatever data set stands in a directory. */
public final class DataSets {
    private static final List<DataSetReader> READERS = List.of(new IdxReader(), new CifarReader(), new FolderReader());
    private static final int NAMES_SHOWN = 10;

    private DataSets() {}

    /**
     * Recognises the format by the files' names and reads the data set.
     *
     * @throws FormatException naming the file that is missing or damaged, or what is there and which formats are
     *     recognised
     */
    public static DataSet read(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new FormatException(directory + " is not a directory; give one that holds " + formats());
        }
        for (DataSetReader reader : READERS) {
            if (reader.recognises(directory)) {
                return reader.read(directory);
            }
        }
        throw new FormatException(directory + " holds no data set that is recognised; it has " + names(directory)
                + ", expected " + formats());
    }

    /** A data set's name: its directory's. */
    static String name(Path directory) throws IOException {
        Path name = directory.toRealPath().getFileName();
        return name == null ? "data" : name.toString();
    }

    private static String formats() {
        return READERS.stream().map(DataSetReader::format).collect(Collectors.joining("; or "));
    }

    private static String names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names = files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
            String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
            return names.isEmpty() ? "no files" : names.size() > NAMES_SHOWN ? shown + ", …" : shown;
        }
    }
}
