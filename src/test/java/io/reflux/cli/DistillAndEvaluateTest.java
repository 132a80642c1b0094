package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.SetFile;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.image.GeneratedShapes;
import io.reflux.image.ImageShape;
import io.reflux.image.Png;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
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

    @Test
    void setsBaselinesBesideTheSet() throws Exception {
        CommandRun run = evaluate(write(drawn(16)), "--baselines", "--epochs", "3", "--json", json().toString());

        assertThat(run.complaints()).isEmpty();
        assertThat(run.output().lines())
                .anyMatch(line -> line.startsWith("real images by herding"))
                .anyMatch(line -> line.startsWith("real images by k-center"))
                .anyMatch(line -> line.startsWith("random real, soft labels"))
                .hasSize(7);
        JsonNode figures = JSON.readTree(json().toFile());
        for (String row : List.of("distilled", "random", "herding", "k-center", "random-soft", "sample")) {
            assertThat(figures.at("/accuracy/" + row).asDouble(-1)).isBetween(0.0, 1.0);
        }
    }

    @Test
    void printsTheCrossArchitectureTable() throws Exception {
        CommandRun run =
                evaluate(write(drawn(16)), "--net", "AlexNet,convnet", "--epochs", "1", "--json", json().toString());

        assertThat(run.complaints()).isEmpty();
        assertThat(run.output().lines())
                .satisfiesExactly(
                        head -> assertThat(head).contains("accuracy", "spread", "students"),
                        first -> assertThat(first).startsWith("AlexNet").contains("±"),
                        second -> assertThat(second).startsWith("ConvNet").contains("±"));
        JsonNode figures = JSON.readTree(json().toFile());
        assertThat(figures.at("/accuracy/net/alexnet").asDouble(-1)).isBetween(0.0, 1.0);
        assertThat(figures.at("/spread/net/convnet").asDouble(-1)).isBetween(0.0, 1.0);
        assertThat(figures.at("/students/net/convnet").asInt()).isEqualTo(1);
    }

    @Test
    void refusesANetworkThatTheImagesAreTooSmallFor() {
        refuses(evaluate(write(drawn(16)), "--net", "vgg11"), "VGG11 pools an image of shape 3,16,16 down to nothing");
    }

    @Test
    void refusesASetOfAnotherShape() {
        refuses(evaluate(write(drawn(32))), "has images of shape 3,32,32", "name the data set it was made from");
    }

    @Test
    void refusesASetOfOtherClasses() {
        DistilledSet set = drawn(16);
        List<String> others = new ArrayList<>(set.classes());
        others.set(3, "walrus");
        refuses(
                evaluate(write(new DistilledSet(
                        set.shape(), others, set.normalisation(), set.images(), set.labels(), set.recipe()))),
                "the set has a class 'walrus' that the images have not");
    }

    private static void refuses(CommandRun run, String... words) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.complaints()).singleElement().asString().contains(words);
    }

    private CommandRun evaluate(Path set, String... more) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", "--set", set.toString()));
        arguments.addAll(List.of("--students", "1", "--random-draws", "1", "--per-class", "4"));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private Path json() {
        return directory.resolve("figures.json");
    }

    private Path write(DistilledSet set) {
        Path file = directory.resolve("written.safetensors");
        SetFile.of(file).write(set);
        return file;
    }

    /** One gray image of each class that is drawn when no data are named. */
    private static DistilledSet drawn(int side) {
        List<String> classes = GeneratedShapes.generate(new ImageShape(3, 16, 16), 1, 1, 1)
                .train()
                .classes();
        ImageShape shape = new ImageShape(3, side, side);
        float[] labels = new float[classes.size() * classes.size()];
        for (int i = 0; i < classes.size(); i++) {
            labels[i * classes.size() + i] = 1;
        }
        return new DistilledSet(
                shape,
                classes,
                new ChannelNormalisation(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.25f, 0.25f, 0.25f}),
                new float[classes.size() * shape.size()],
                labels,
                new StudentRecipe(0.01, 0.9, 5e-4, 5, 16, AugmentationFamily.all(), new NetworkSettings(4, 2)));
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
