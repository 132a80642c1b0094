package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.cli.TinySettings;
import io.reflux.distill.SettingsProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two minutes of what {@code bench soak} does for half an hour, on the packaged application. */
@Tag("whole-machine")
final class SoakIT {
    private static final Path PACKAGED = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final int RATE = 500;
    private static final int MINUTES = 2;

    @TempDir
    Path directory;

    @Test
    void staysAsItIsForTwoMinutesOfImagesAndRounds() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "memory and threads are read from /proc");
        assertThat(PACKAGED).as("run ./mvnw package first").exists();
        Path json = directory.resolve("soak.json");
        Path output = directory.resolve("output");

        Process soak = new ProcessBuilder(command(json))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = soak.waitFor(8, TimeUnit.MINUTES);
        soak.destroy();

        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(soak.exitValue()).as(said).isZero();
        assertThat(said).contains("each counted once", "nothing grows");
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertThat(figures.at("/soak/images").asLong()).isGreaterThanOrEqualTo(60L * MINUTES * RATE);
        assertThat(figures.at("/soak/rounds").asInt()).isPositive();
        assertThat(figures.at("/soak/threads/mean").asDouble()).isPositive();
        assertThat(figures.at("/soak/megabytes/mean").asDouble()).isGreaterThan(512);
    }

    private static List<String> command(Path json) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dai.djl.offline=true",
                "-jar",
                PACKAGED.toString(),
                "bench",
                "soak",
                "--minutes",
                Integer.toString(MINUTES),
                "--rate",
                Integer.toString(RATE),
                "--tolerance",
                "0.5",
                "--pixels",
                "16",
                "--heap",
                "512",
                "--json",
                json.toString()));
        TinySettings.properties()
                .forEach((name, value) ->
                        command.addAll(List.of("--set", SettingsProperties.PREFIX + name + "=" + value)));
        return command;
    }
}
