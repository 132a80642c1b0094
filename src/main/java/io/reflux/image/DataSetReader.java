package io.reflux.image;

import java.io.IOException;
import java.nio.file.Path;

/** Reads data sets of one format. */
public interface DataSetReader {
    /** The format and its files' names, for people. */
    String format();

    /** Whether the directory holds a file of this format, complete or not. */
    boolean recognises(Path directory) throws IOException;

    /**
     * Reads the data set.
     *
     * @throws io.reflux.format.FormatException naming a missing or damaged file, with expected and found sizes
     */
    DataSet read(Path directory) throws IOException;
}
