package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.reflux.console.SetFile;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.format.Safetensors;
import io.reflux.image.GeneratedShapes;
import io.reflux.image.ImageSet;
import io.reflux.image.ImageShape;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the packaged application that are killed: the same command goes on, and gives what it would have given. */
final class KilledCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ITERATIONS = 60;
    private static final int NETWORKS = 4;
    private static final String MATCHING = "io.reflux.distill.MatchingLoop.iterate";
    /** As a shell counts SIGKILL and SIGTERM. */
    private static final int KILLED = 137;

    private static final int TERMINATED = 143;

    @TempDir
    Path directory;

    @Test
    void aDistillationThatIsStoppedAndThenKilledGivesTheSetOfOneThatIsNot() throws Exception {
        try (PackagedCommand whole = distill("whole", "whole")) {
            FileTime trained;
            int reached;
            try (PackagedCommand stopped = distill("stopped", "broken")) {
                stopped.awaitWords("to test on");
                stopped.awaitMethod(MATCHING);

                stopped.terminate();

                assertThat(stopped.end()).as(stopped.tail()).isEqualTo(TERMINATED);
                assertThat(stopped.said())
                        .contains("stopped; the work so far is in " + work("broken")
                                + ", and the same command goes on from there")
                        .doesNotContain("reflux: ");
                reached = iteration();
                assertThat(reached).isBetween(1, ITERATIONS - 1);
                assertThat(checkpoint().meta("current.skipped")).isEqualTo("0");
                trained = Files.getLastModifiedTime(kept("trajectory-0"));
            }
            try (PackagedCommand killed = distill("killed", "broken")) {
                killed.awaitWords("to test on");
                killed.awaitMethod(MATCHING);

                killed.kill();

                assertThat(killed.end()).isEqualTo(KILLED);
                // one that had begun anew would have kept its beginning
                assertThat(iteration()).isBetween(reached, ITERATIONS - 1);
                assertThat(set("broken")).doesNotExist();
            }
            try (PackagedCommand last = distill("last", "broken")) {
                assertThat(last.end()).as(last.tail()).isZero();
            }

            assertThat(Files.getLastModifiedTime(kept("trajectory-0"))).isEqualTo(trained);
            assertThat(whole.end()).as(whole.tail()).isZero();
            assertThat(set("broken")).hasSameBinaryContentAs(set("whole"));
        }
    }

    @Test
    void aSearchThatIsKilledRanksAsOneThatIsNot() throws Exception {
        SetFile.of(set("searched")).write(drawn());
        try (PackagedCommand whole = search("whole", "whole")) {
            try (PackagedCommand killed = search("killed", "broken")) {
                killed.awaitWords("(1 of " + NETWORKS + " networks");

                killed.kill();

                assertThat(killed.end()).isEqualTo(KILLED);
                assertThat(figures("broken")).doesNotExist();
            }
            try (PackagedCommand last = search("last", "broken")) {
                assertThat(last.end()).as(last.tail()).isZero();
                assertThat(last.said())
                        .containsPattern(
                                "[1-" + (NETWORKS - 1) + "] of " + NETWORKS + " networks were finished before");
            }

            assertThat(whole.end()).as(whole.tail()).isZero();
            assertThat(found("broken")).isEqualTo(found("whole"));
            assertThat(ranking("broken")).hasSize(NETWORKS + 1).isEqualTo(ranking("whole"));
        }
    }

    private PackagedCommand distill(String name, String kept) {
        List<String> line = new ArrayList<>(List.of("distill", "--device", "cpu", "--threads", "1"));
        line.addAll(List.of("--out", set(kept).toString(), "--work", work(kept).toString(), "--per-class", "4"));
        TinySettings.properties().forEach((property, value) -> line.addAll(List.of("--set", property + "=" + value)));
        // long enough to be met in its midst, and below the loss gate, so that each iteration changes something
        line.addAll(List.of("--set", "matching.iterations=" + ITERATIONS, "--set", "matching.inner-steps=5"));
        line.addAll(List.of("--set", "matching.initial-rate=0.002"));
        return new PackagedCommand(name, directory, line);
    }

    private PackagedCommand search(String name, String kept) {
        List<String> line = new ArrayList<>(List.of("search", "--device", "cpu", "--threads", "1"));
        line.addAll(List.of(
                "--set", set("searched").toString(), "--work", work(kept).toString()));
        line.addAll(List.of("--space", "width=32;depth=1;activation=relu", "--networks", Integer.toString(NETWORKS)));
        line.addAll(List.of("--epochs", "10", "--real-steps", "20", "--per-class", "20", "--test-per-class", "5"));
        line.addAll(List.of("--top", "3", "--json", figures(kept).toString()));
        line.addAll(List.of("--out", directory.resolve(kept).toString()));
        return new PackagedCommand(name, directory, line);
    }

    /** A drawn image of each class, as if it had been distilled. */
    private static DistilledSet drawn() {
        ImageSet images =
                GeneratedShapes.generate(new ImageShape(3, 16, 16), 1, 1, 1).train();
        ChannelNormalisation normalisation = ChannelNormalisation.fit(images.pixels(), images.shape());
        float[] labels = new float[images.size() * images.size()];
        for (int i = 0; i < images.size(); i++) {
            labels[i * images.size() + i] = 1;
        }
        return new DistilledSet(
                images.shape(),
                images.classes(),
                normalisation,
                normalisation.apply(images.pixels(), images.shape()),
                labels,
                new StudentRecipe(0.01, 0.9, 5e-4, 5, 128, AugmentationFamily.all(), new NetworkSettings(4, 2)));
    }

    private Path set(String kept) {
        return directory.resolve(kept + ".safetensors");
    }

    private Path work(String kept) {
        return directory.resolve("work-" + kept);
    }

    private Path figures(String kept) {
        return directory.resolve(kept + ".json");
    }

    /** Where matching stands on disk. */
    private int iteration() throws IOException {
        return Integer.parseInt(checkpoint().meta("current.iteration"));
    }

    private Safetensors checkpoint() throws IOException {
        return Safetensors.read(kept("matching-"));
    }

    private Path kept(String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(work("broken"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** All figures but the times. */
    private JsonNode found(String kept) throws IOException {
        JsonNode figures = JSON.readTree(figures(kept).toFile());
        figures.findParents("seconds").forEach(parent -> ((ObjectNode) parent).remove("seconds"));
        assertThat(figures.path("networks")).hasSize(NETWORKS);
        return figures;
    }

    /** The table without the columns of times, which are the last. */
    private List<String> ranking(String kept) throws IOException {
        return Files.readAllLines(directory.resolve(kept).resolve("ranking.csv")).stream()
                .map(row -> row.replaceAll("(,[^,]*){2}$", ""))
                .toList();
    }
}
