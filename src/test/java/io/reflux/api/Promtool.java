package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The promtool of Prometheus; a test that wants it is skipped where it is not installed. */
record Promtool(Path program) {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/promtool"), Path.of("/usr/local/bin/promtool"));

    static Promtool assumed() {
        assumeThat(PLACES).as("promtool is at one of %s", PLACES).anyMatch(Files::isExecutable);
        return new Promtool(
                PLACES.stream().filter(Files::isExecutable).findFirst().orElseThrow());
    }

    /** Has it check what these arguments name; fails with what it says when it finds something. */
    void approves(String... arguments) throws IOException, InterruptedException {
        run("", arguments);
    }

    /** Has it read and judge what a service exports. */
    void approvesMetrics(String exported) throws IOException, InterruptedException {
        run(exported, "check", "metrics");
    }

    private void run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
