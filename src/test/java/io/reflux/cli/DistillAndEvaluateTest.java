package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code distill} and {@code evaluate} on drawn images, with a network and settings as small as they go. */
final class DistillAndEvaluateTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void distilsADataSetAndJudgesTheFileItWrote() throws Exception {
        Path set = directory.resolve("set.safetensors");
        Path distilled = directory.resolve("distilled.json");
        Path evaluated = directory.resolve("evaluated.json");

        CommandRun distil = distil(set, "work", "--json", distilled.toString());
        CommandRun evaluate = CommandRun.of(
                "evaluate",
                "--set",
                set.toString(),
                "--students",
                "2",
                "--random-draws",
                "2",
                "--per-class",
                "4",
                "--json",
                evaluated.toString());

        assertThat(distil.complaints()).isEmpty();
        assertThat(distil.output()).contains("distilled images", "random real images", "the whole sample", "total");
        assertThat(evaluate.complaints()).isEmpty();
        assertThat(SetFile.read(set).size()).isEqualTo(10);
        for (Path file : List.of(distilled, evaluated)) {
            JsonNode figures = JSON.readTree(file.toFile());
            for (String row : List.of("distilled", "random", "sample")) {
                assertThat(figures.at("/accuracy/" + row).asDouble(-1)).isBetween(0.0, 1.0);
            }
            assertThat(figures.at("/seconds/total").asDouble()).isPositive();
        }
    }

    @Test
    void makesTheSameSetFromTheSameSeed() throws Exception {
        Path first = directory.resolve("first.safetensors");
        Path second = directory.resolve("second.safetensors");

        distil(first, "one");
        distil(second, "two");

        assertThat(Files.readAllBytes(first)).isEqualTo(Files.readAllBytes(second));
    }

    private CommandRun distil(Path out, String work, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "distill",
                "--out",
                out.toString(),
                "--work",
                directory.resolve(work).toString(),
                "--per-class",
                "6"));
        TinySettings.properties().forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }
}
