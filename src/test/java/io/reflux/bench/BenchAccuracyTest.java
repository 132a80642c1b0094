package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchAccuracyTest {
    @TempDir
    Path work;

    @ParameterizedTest
    @ValueSource(strings = {"core", "accuracy"})
    void showsExamplesInTheHelpOfEachMeasurement(String measurement) {
        CommandRun run = CommandRun.of("bench", measurement, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("Usage: reflux bench " + measurement, "Examples:", "  reflux bench " + measurement);
        assertThat(run.messages()).isEmpty();
    }

    @Test
    void listsTheMeasurementsInTheHelp() {
        CommandRun run = CommandRun.of("bench", "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("core", "accuracy", "Examples:");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "bench                             | say what to measure",
                "bench core --batch 0              | --batch is 0",
                "bench core --repeats 0            | --repeats is 0",
                "bench core --channels 2           | --channels is 2",
                "bench core --rounds 0             | --rounds is 0",
                "bench core --part half            | 'half'",
                "bench accuracy --minutes 0        | --minutes is 0.0",
                "bench accuracy --minutes soon     | 'soon'",
                "bench accuracy --ipc 1,-1         | --ipc is -1",
                "bench accuracy --methods dm       | --methods names 'dm'; there are ftd",
                "bench accuracy --students 2       | --students is 2",
                "bench accuracy --per-class 5      | --per-class is 5, fewer than the 10",
                "bench accuracy --set experts.epoch=3 | reflux.distillation.experts.epoch is no setting",
            })
    void refusesACommandLineThatCannotWorkInOneSentence(String line, String expected) {
        CommandRun run = CommandRun.of(line.trim().split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.complaints()).singleElement().asString().contains(expected);
    }

    @Test
    void reportsWhatIsFinishedWithoutMeasuring() throws Exception {
        // Given
        Files.writeString(
                work.resolve("cells.jsonl"),
                "{\"run\":\"r\",\"data\":\"cifar10\",\"images-per-class\":10,\"method\":\"ftd\",\"seed\":3,"
                        + "\"minutes\":15.0,\"accuracy\":{\"mean\":0.5,\"spread\":0.01,\"students\":3},"
                        + "\"iterations\":1200,\"seconds\":900.0,\"expert-seconds\":225.0,\"command\":\"c\"}\n");
        Path out = work.resolve("results.md");
        Path json = work.resolve("results.json");

        // When
        CommandRun run = CommandRun.of(List.of(
                "bench",
                "accuracy",
                "--report",
                "--work",
                work.toString(),
                "--out",
                out.toString(),
                "--json",
                json.toString()));

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("| 1 | cifar10 | 10 | ftd | 15 | 50.0 ± 1.0 % | 3 | 1,200 | 25 % | 3 |");
        assertThat(Files.readString(out).strip()).isEqualTo(run.output().strip());
        JsonNode cell = new ObjectMapper().readTree(json.toFile()).at("/cells/0");
        assertThat(cell.at("/images-per-class").asInt()).isEqualTo(10);
        assertThat(cell.has("failure")).isFalse();
    }

    @Test
    void namesALineThatIsNoCell() throws Exception {
        Files.writeString(work.resolve("cells.jsonl"), "{\"run\":\n");

        CommandRun run = CommandRun.of("bench", "accuracy", "--report", "--work", work.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("line 1 of", "is no finished cell");
    }
}
