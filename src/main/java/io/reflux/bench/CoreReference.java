package io.reflux.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.CommandException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A program that measures the same work done another way: it is given {@code batch=20 steps=10 …} and prints one line
 * with a JSON object of figures. It does not inherit what the launcher sets for Reflux's own threads and allocator.
 *
 * @param command the program and its first arguments
 */
record CoreReference(List<String> command) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> OWN_SETTINGS = List.of("OMP_", "GOMP_", "KMP_", "MALLOC_");

    /** What it came to. */
    sealed interface Outcome {
        /**
         * @param version of PyTorch, empty when it does not tell
         */
        record Measured(CoreFigures figures, String version) implements Outcome {}

        record Failed(String reason) implements Outcome {}
    }

    /** Splits a command line at its spaces. */
    static CoreReference of(String commandLine) {
        if (commandLine.isBlank()) {
            throw CommandException.usage(
                    "--reference names no program; give one with its script, such as \"python3 reference.py\"");
        }
        return new CoreReference(List.of(commandLine.strip().split("\\s+")));
    }

    Outcome run(CoreOptions options) {
        List<String> line = new ArrayList<>(command);
        options.values().forEach((name, value) -> line.add(name + "=" + value));
        try {
            return outcome(Subprocess.run(line, CoreReference::forget, message -> {}));
        } catch (IOException e) {
            return new Outcome.Failed("it cannot be started: " + e.getMessage());
        }
    }

    private static void forget(Map<String, String> environment) {
        environment.keySet().removeIf(name -> OWN_SETTINGS.stream().anyMatch(name::startsWith));
    }

    private static Outcome outcome(Subprocess ended) {
        if (ended.exitCode() > 128) {
            return new Outcome.Failed(
                    "it was killed (exit code " + ended.exitCode() + "), most likely for want of memory");
        }
        if (ended.exitCode() != 0) {
            return new Outcome.Failed("it ended with exit code " + ended.exitCode()
                    + (ended.lastMessage().isEmpty() ? "" : ": " + ended.lastMessage()));
        }
        return ended.output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .reduce((first, last) -> last)
                .map(CoreReference::measured)
                .orElse(new Outcome.Failed("it printed no JSON object"));
    }

    private static Outcome measured(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            Map<CoreFigure, Double> figures = new EnumMap<>(CoreFigure.class);
            for (CoreFigure figure : CoreFigure.values()) {
                JsonNode value = object.path(figure.referenceName());
                if (value.isNumber()) {
                    figures.put(figure, value.asDouble());
                }
            }
            return new Outcome.Measured(
                    new CoreFigures(figures), object.path("torch").asText(""));
        } catch (JsonProcessingException e) {
            return new Outcome.Failed("what it printed cannot be read: " + e.getOriginalMessage());
        }
    }
}
