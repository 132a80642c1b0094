package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate --trajectory-error} on drawn images, as small as it goes. */
final class TrajectoryErrorCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path set = Path.of("set.safetensors");

    @BeforeEach
    void distilsASet() {
        set = directory.resolve("set.safetensors");
        TinySettings.distil(set, directory.resolve("work"));
    }

    @Test
    void measuresTheAccumulatedTrajectoryError() throws Exception {
        Path json = directory.resolve("errors.json");

        CommandRun run = CommandRun.of(
                "evaluate",
                "--set",
                set.toString(),
                "--per-class",
                "4",
                "--trajectory-error",
                "--experts",
                "2",
                "--expert-epochs",
                "2",
                "--matched-epochs",
                "1",
                "--inner-steps",
                "2",
                "--work",
                directory.resolve("work").toString(),
                "--json",
                json.toString());

        assertThat(run.complaints()).isEmpty();
        assertThat(run.output().lines().filter(line -> line.startsWith("1 to 2")))
                .hasSize(2);
        JsonNode errors = JSON.readTree(json.toFile()).at("/trajectory-error");
        for (String kind : List.of("flat", "plain")) {
            assertThat(errors.at("/" + kind + "/epoch1/carried/mean").asDouble(-1))
                    .isZero();
            assertThat(errors.at("/" + kind + "/epoch2/accumulated/mean").asDouble())
                    .isPositive();
        }
    }

    @Test
    void refusesSegmentsLongerThanAnExpert() {
        CommandRun run = CommandRun.of(
                "evaluate",
                "--set",
                set.toString(),
                "--trajectory-error",
                "--matched-epochs",
                "7",
                "--work",
                directory.resolve("work").toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.complaints()).singleElement().asString().contains("--matched-epochs is 7", "4 epochs");
    }
}
