package io.reflux.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The result as JSON: in a file beside what is printed, or on standard output instead of it. */
public final class JsonOption {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String STANDARD_OUTPUT = "-";

    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = STANDARD_OUTPUT,
            paramLabel = "FILE",
            description = "Write the result as JSON into this file; without a file on standard output, and nothing else"
                    + " there.")
    private @Nullable Path file;

    /**
     * Before the work: tries the file, or keeps standard output for the JSON.
     *
     * @throws CommandException when the file cannot be written
     */
    public void prepare(Terminal terminal) {
        if (toStandardOutput()) {
            terminal.keepOutputForJson();
        } else if (file != null) {
            OutputPath.requireFile(file);
        }
    }

    public void write(Figures figures, Terminal terminal) {
        write(figures.json(), terminal);
    }

    /** Writes the result, if it is wanted as JSON. */
    public void write(JsonNode result, Terminal terminal) {
        try {
            if (toStandardOutput()) {
                terminal.printJson(JSON.writeValueAsString(result));
            } else if (file != null) {
                OutputPath.write(file, JSON.writeValueAsString(result).getBytes(StandardCharsets.UTF_8));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether there is nothing to print for people. */
    private boolean toStandardOutput() {
        return file != null && file.toString().equals(STANDARD_OUTPUT);
    }
}
