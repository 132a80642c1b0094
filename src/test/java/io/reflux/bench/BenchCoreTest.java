package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bench core} on a problem as small as it goes; the reference is a shell script that knows its answer. */
final class BenchCoreTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SHELL = Path.of("/bin/sh");
    private static final List<String> TINY = List.of(
            "bench",
            "core",
            "--batch",
            "3",
            "--steps",
            "2",
            "--width",
            "4",
            "--channels",
            "1",
            "--pixels",
            "16",
            "--classes",
            "3",
            "--threads",
            "1",
            "--repeats",
            "1");

    @TempDir
    Path directory;

    @Test
    void measuresAPartInThisProcess() throws Exception {
        CommandRun run = tiny("--part", "iteration", "--json", json().toString());

        assertThat(run.complaints()).isEmpty();
        assertThat(run.output())
                .contains("3 images of 1×16×16, 2 inner steps, width 4, 1 thread", "seconds an iteration")
                .doesNotContain("images/s");
        JsonNode figures = JSON.readTree(json().toFile());
        assertThat(figures.at("/case/width").asInt()).isEqualTo(4);
        assertThat(figures.at("/reflux/iteration/seconds").asDouble()).isPositive();
        assertThat(figures.at("/reflux/step/seconds").asDouble()).isPositive();
        assertThat(figures.at("/reflux/experts").isMissingNode()).isTrue();
    }

    @Test
    void measuresEachPartInAFreshProcessBesideTheReference() throws Exception {
        // Given
        assumeTrue(Files.isExecutable(SHELL), "the reference of this test is a script for /bin/sh");
        Path arguments = directory.resolve("arguments");
        String reference = script("echo \"$@\" \"[$OMP_NUM_THREADS$MALLOC_ARENA_MAX]\" >> " + arguments
                + "\necho a line before it"
                + "\necho '{\"torch\": \"9.9\", \"seconds_per_iteration\": 1000, \"peak_rss_mb\": 1000000,"
                + " \"plain_step_seconds\": 1000, \"expert_images_per_second\": 0.001}'");

        // When
        CommandRun run = tiny("--rounds", "2", "--reference", reference, "--json", json().toString());

        // Then
        assertThat(run.complaints()).isEmpty();
        assertThat(run.output()).contains("medians of 2 rounds", "Reflux / reference", "images/s of flat experts");
        JsonNode figures = JSON.readTree(json().toFile());
        for (String figure : List.of("iteration/seconds", "step/seconds", "experts/images-per-second")) {
            double own = figures.at("/reflux/" + figure).asDouble();
            double other = figures.at("/reference/" + figure).asDouble();
            assertThat(own).as(figure).isPositive();
            assertThat(figures.at("/ratio/" + figure).asDouble()).isEqualTo(own / other);
            assertThat(figures.at("/rounds/2/reflux/" + figure).asDouble()).isPositive();
        }
        assertThat(figures.at("/reference/torch").asText()).isEqualTo("9.9");
        assertThat(Files.readAllLines(arguments))
                .containsExactly(
                        "batch=3 steps=2 width=4 channels=1 pixels=16 classes=3 threads=1 repeats=1 seed=1 []",
                        "batch=3 steps=2 width=4 channels=1 pixels=16 classes=3 threads=1 repeats=1 seed=1 []");
    }

    @Test
    void tellsPeakMemoryOfEachPartWhereTheSystemDoes() throws Exception {
        assumeTrue(
                PeakMemory.megabytes().isPresent(), "peak memory is read from /proc, which this system does not have");

        CommandRun run = tiny("--json", json().toString());

        assertThat(run.complaints()).isEmpty();
        JsonNode figures = JSON.readTree(json().toFile());
        assertThat(figures.at("/reflux/iteration/megabytes").asDouble()).isBetween(10.0, 10_000.0);
        assertThat(figures.at("/reflux/experts/megabytes").asDouble()).isBetween(10.0, 10_000.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "echo No module named torch >&2; exit 1 | it ended with exit code 1: No module named torch",
                "kill -9 $$                            | it was killed (exit code 137), most likely for want of memory",
                "echo nothing                          | it printed no JSON object",
                "echo '{half'                          | what it printed cannot be read",
            })
    void printsItsOwnFiguresWhenTheReferenceFails(String script, String reason) throws Exception {
        assumeTrue(Files.isExecutable(SHELL), "the reference of this test is a script for /bin/sh");

        CommandRun run = tiny("--part", "experts", "--reference", script(script), "--json", json().toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("the reference failed: " + reason, "images/s of flat experts");
        JsonNode figures = JSON.readTree(json().toFile());
        assertThat(figures.at("/reference/failure").asText()).contains(reason);
        assertThat(figures.at("/rounds/3/reflux/experts/images-per-second").asDouble())
                .isPositive();
        assertThat(run.messages().lines().filter(line -> line.endsWith(": the reference")))
                .hasSize(1);
    }

    @Test
    void saysThatTheReferenceIsNoProgram() {
        CommandRun run = tiny("--part", "experts", "--rounds", "1", "--reference", directory.resolve("nowhere") + " x");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("the reference failed: it cannot be started", "nowhere");
    }

    @Test
    void tellsTheSentenceOfAProcessThatCannotMeasure() {
        CommandRun run = CommandRun.of("bench", "core", "--pixels", "1", "--rounds", "1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("pools an image of 3,1,1 down to nothing");
    }

    @Test
    void readsThePeakFromTheStatusOfAProcess() throws Exception {
        Path status =
                Files.writeString(directory.resolve("status"), "Name:\tjava\nVmPeak:\t 9 kB\nVmHWM:\t  2048 kB\n");

        assertThat(PeakMemory.megabytes(status)).hasValue(2);
        assertThat(PeakMemory.megabytes(directory.resolve("none"))).isEmpty();
    }

    @Test
    void takesTheMiddleOfWhatWasMeasured() {
        assertThat(CoreFigures.median(3, 1, 2)).isEqualTo(2);
        assertThat(CoreFigures.median(4, 1, 2, 3)).isEqualTo(2.5);
    }

    private CommandRun tiny(String... more) {
        List<String> line = new ArrayList<>(TINY);
        line.addAll(List.of(more));
        return CommandRun.of(line);
    }

    private Path json() {
        return directory.resolve("core.json");
    }

    private String script(String content) throws Exception {
        return SHELL + " " + Files.writeString(directory.resolve("reference.sh"), content + "\n");
    }
}
