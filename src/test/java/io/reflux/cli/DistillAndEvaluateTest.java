package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.distill.DistilledSet;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
    void distilsByAPresetWithSoftLabelsFromAllImagesOfDataOfItsSize() throws Exception {
        Path data = pictures(new ImageShape(3, 32, 32), 10);
        Path set = directory.resolve("set.safetensors");
        Path figures = directory.resolve("figures.json");

        CommandRun distil = CommandRun.of(
                ("distill --preset cifar10-ipc1-datm --data " + data + " --out " + set + " --json " + figures
                                + " --work " + directory.resolve("work") + " --width 4 --iterations 2"
                                + " --set experts.count=2 --set experts.epochs=5 --set matching.inner-steps=2"
                                + " --set matching.loss-gate=Infinity --set evaluation.epochs=2"
                                + " --set evaluation.students=1 --set evaluation.random-draws=1"
                                + " --set evaluation.sample-steps=1")
                        .split(" "));
        CommandRun evaluate = CommandRun.of(
                "evaluate",
                "--set",
                set.toString(),
                "--data",
                data.toString(),
                "--students",
                "1",
                "--random-draws",
                "1");

        assertThat(distil.complaints()).isEmpty();
        assertThat(evaluate.complaints()).isEmpty();
        assertThat(JSON.readTree(figures.toFile()).at("/images/in").asLong()).isEqualTo(20);
        DistilledSet read = SetFile.read(set);
        assertThat(read.members()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(read.soft(0)).isTrue();
        assertThat(read.recipe().batch()).isEqualTo(128);
    }

    @Test
    void makesTheSameSetFromTheSameSeed() throws Exception {
        Path first = directory.resolve("first.safetensors");
        Path second = directory.resolve("second.safetensors");

        distil(first, "one");
        distil(second, "two");

        assertThat(Files.readAllBytes(first)).isEqualTo(Files.readAllBytes(second));
    }

    /** Noise of each class, two pictures to learn from and one to test on. */
    private Path pictures(ImageShape shape, int classes) throws Exception {
        Path data = directory.resolve("pictures");
        Random random = new Random(1);
        for (int label = 0; label < classes; label++) {
            for (String name : List.of("train/%d/a.png", "train/%d/b.png", "test/%d/c.png")) {
                byte[] pixels = new byte[shape.size()];
                random.nextBytes(pixels);
                Path file = data.resolve(name.formatted(label));
                Files.createDirectories(file.getParent());
                Files.write(file, Png.encode(shape, pixels));
            }
        }
        return data;
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
