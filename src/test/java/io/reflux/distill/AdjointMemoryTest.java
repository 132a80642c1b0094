package io.reflux.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdjointMemoryTest {
    /** The graphs of the steps measured take about 1 GB in all; a leak of a twentieth of them shows. */
    private static final long ALLOWED = 48L << 20;

    @Test
    void residentMemoryStaysFlatOverHundredsOfAdjointSteps(@TempDir Path directory)
            throws IOException, InterruptedException {
        assumeTrue(
                Files.isReadable(AdjointSteps.STATM),
                "resident memory is read from /proc, which this system does not have");
        // Given
        Path growth = directory.resolve("growth");
        // A heap that is resident from the start leaves native memory as the only thing that can grow.
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AdjointSteps.class.getName(),
                        growth.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        // When
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        process.destroyForcibly();
        // Then
        assertThat(ended).isTrue();
        assertThat(process.exitValue())
                .as(() -> "the output of the process is in " + directory)
                .isZero();
        assertThat(Long.parseLong(Files.readString(growth).trim())).isLessThan(ALLOWED);
    }
}
