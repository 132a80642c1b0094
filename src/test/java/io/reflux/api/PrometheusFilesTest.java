package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files for Prometheus as its own promtool sees them; skipped where it is not installed. */
final class PrometheusFilesTest {
    private static Promtool promtool;

    @TempDir
    Path directory;

    @BeforeAll
    static void needsPromtool() {
        promtool = Promtool.assumed();
    }

    @Test
    void theScrapeConfigurationAndItsRulesAreValid() throws Exception {
        promtool.approves("check", "config", file("prometheus.yml"));
    }

    @Test
    void alertsFireWhenTheyShallAndNotOtherwise() throws Exception {
        promtool.approves("test", "rules", file("reflux.rules.test.yml"));
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

        promtool.approves("check", "rules", file.toString());
    }

    private static String file(String name) {
        return PrometheusFiles.DIRECTORY.resolve(name).toString();
    }
}
