package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code search} on drawn images, as small as it goes. */
final class SearchCommandTest {
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
    void ranksNetworksAndTellsHowTheRankingsAgree() throws Exception {
        Path json = directory.resolve("figures.json");

        CommandRun run = search("--random-proxy", "--out", directory.toString(), "--json", json.toString());

        assertThat(run.complaints()).isEmpty();
        assertThat(run.output()).contains("w32-d1-relu-instance-max", "first by itself", "first on real images");
        assertThat(run.output().lines().filter(line -> line.startsWith("rank correlation")))
                .singleElement()
                .asString()
                .contains("top 2", "top 20", "all 3");
        assertThat(run.messages().lines().filter(line -> line.contains("of 3 networks")))
                .hasSize(3);
        assertThat(Files.readAllLines(directory.resolve("ranking.csv"))).hasSize(4);
        JsonNode figures = JSON.readTree(json.toFile());
        for (String source : List.of("set", "real", "random")) {
            assertThat(figures.at("/networks/w32-d1-relu-instance-avg/" + source + "/accuracy")
                            .asDouble(-1))
                    .isBetween(0.0, 1.0);
            assertThat(figures.at("/seconds/" + source).asDouble()).isPositive();
        }
    }

    @Test
    void trainsNothingTwice() {
        CommandRun first = search();
        CommandRun second = search();

        assertThat(second.messages()).contains("3 of 3 networks were finished before");
        assertThat(rankingOf(second)).isEqualTo(rankingOf(first));
    }

    private CommandRun search(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "search",
                "--set",
                set.toString(),
                "--space",
                "width=32;depth=1;activation=relu;norm=instance",
                "--epochs",
                "2",
                "--real-steps",
                "2",
                "--per-class",
                "3",
                "--test-per-class",
                "3",
                "--top",
                "2,20",
                "--work",
                work()));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments);
    }

    private String work() {
        return directory.resolve("work").toString();
    }

    private static List<String> rankingOf(CommandRun run) {
        return run.output().lines().limit(9).toList();
    }
}
