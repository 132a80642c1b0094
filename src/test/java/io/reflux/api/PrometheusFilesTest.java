package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files for Prometheus as its own promtool sees them; skipped where it is not installed. */
final class PrometheusFilesTest {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/promtool"), Path.of("/usr/local/bin/promtool"));

    @TempDir
    Path directory;

    @BeforeAll
    static void needsPromtool() {
        assumeThat(PLACES).as("promtool is at one of %s", PLACES).anyMatch(Files::isExecutable);
    }

    @Test
    void theScrapeConfigurationAndItsRulesAreValid() throws Exception {
        promtool("check", "config", file("prometheus.yml"));
    }

    @Test
    void alertsFireWhenTheyShallAndNotOtherwise() throws Exception {
        promtool("test", "rules", file("reflux.rules.test.yml"));
    }

    @Test
    void everyAlertHasATest() throws Exception {
        String tests = Files.readString(PrometheusFiles.DIRECTORY.resolve("reflux.rules.test.yml"));

        assertThat(PrometheusFiles.alerts()).hasSizeGreaterThan(8).allSatisfy(alert -> assertThat(tests)
                .contains(alert));
    }

    @Test
    void theQueriesOfTheDashboardAreValid() throws Exception {
        List<String> queries = PrometheusFiles.queries();
        String rules = IntStream.range(0, queries.size())
                .mapToObj(i -> "      - record: query:" + i + "\n        expr: '" + queries.get(i) + "'\n")
                .reduce("groups:\n  - name: queries\n    rules:\n", String::concat);
        Path file = Files.writeString(directory.resolve("queries.yml"), rules);

        promtool("check", "rules", file.toString());
    }

    private static void promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(PLACES.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow()
                .toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static String file(String name) {
        return PrometheusFiles.DIRECTORY.resolve(name).toString();
    }
}
