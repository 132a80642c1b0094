package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLineTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"demo", "serve", "produce", "consume", "distill", "evaluate"})
    void showsExamplesInTheHelpOfEveryCommand(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("Usage: reflux " + command, "Examples:", "  reflux " + command);
        assertThat(run.messages()).isEmpty();
    }

    @Test
    void listsCommandsAndExitCodesInTheHelp() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains(
                        "demo",
                        "serve",
                        "produce",
                        "consume",
                        "distill",
                        "evaluate",
                        "bench",
                        "Exit codes:",
                        "Examples:");
    }

    @Test
    void showsItsVersion() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).startsWith("reflux ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "                              | say which command to run",
                "distil                        | did you mean distill?",
                "distill --out a.npz --ipc x   | 'x' is not an int",
                "distill --out a.npz --ipc 0   | reflux.distillation.images-per-class is 0",
                "distill                       | --out",
                "distill --out set.pt          | set.pt tells no format",
                "distill --out a.npz --ipc 9 --per-class 3 | --per-class is 3",
                "distill --out a.npz --set experts.epoch=3 | reflux.distillation.experts.epoch is no setting",
                "distill --out a.npz --set experts.epochs=3 | reflux.distillation.matching.max-start-epoch is 4",
                "distill --out a.npz --set matching.momentum=much | reflux.distillation.matching.momentum is 'much'",
                "demo --nothing                | Unknown option: '--nothing'",
                "demo --per-class 0            | --per-class",
                "produce --rate 0              | --rate is 0",
                "produce --limit-per-class 0   | --limit-per-class is 0",
                "produce --encoding jpg        | 'jpg'",
                "consume                       | --out",
                "evaluate --data x             | --set",
            })
    void refusesACommandLineThatCannotWorkInOneSentence(String line, String expected) {
        List<String> arguments =
                line == null || line.isBlank() ? List.of() : List.of(line.trim().split(" "));

        CommandRun run = CommandRun.of(arguments);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.messages().lines()).hasSize(1);
        assertThat(run.complaints()).singleElement().asString().contains(expected);
    }

    @Test
    void namesAFolderThatIsNotThere() {
        String missing = directory.resolve("nowhere").toString();
        String out = directory.resolve("set.npz").toString();

        CommandRun run = CommandRun.of(
                "distill",
                "--data",
                missing,
                "--out",
                out,
                "--work",
                directory.resolve("work").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("there is no folder " + missing);
    }

    @Test
    void namesAHalfCopiedFile() throws Exception {
        Files.write(directory.resolve("train-images-idx3-ubyte"), new byte[] {0, 0, 8, 3, 0, 0, 0, 9});

        CommandRun run = CommandRun.of(
                "distill",
                "--data",
                directory.toString(),
                "--out",
                directory.resolve("set.npz").toString(),
                "--work",
                directory.resolve("work").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("idx");
        assertThat(run.messages()).doesNotContain("\tat ", "    at ");
    }

    @Test
    void refusesAnOutputWithAFileInItsPlaceBeforeTheWork() throws Exception {
        Path obstacle = Files.writeString(directory.resolve("file"), "in the way");

        CommandRun run =
                CommandRun.of("distill", "--out", obstacle.resolve("set.npz").toString(), "--data", "never-read");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains(obstacle + " is a file, not a folder");
    }

    @Test
    void refusesADemoWhoseOutputFolderIsAFile() throws Exception {
        Path obstacle = Files.writeString(directory.resolve("file"), "in the way");

        CommandRun run = CommandRun.of("demo", "--out", obstacle.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains(obstacle + " is a file, not a folder");
    }

    @Test
    void refusesASetThatIsNone() throws Exception {
        Path file = Files.writeString(directory.resolve("set.safetensors"), "half of it");

        CommandRun run = CommandRun.of("evaluate", "--set", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains(file + " is no distilled set");
    }

    @Test
    void tellsWhereAFailureComesFromWhenAsked() {
        CommandRun run = CommandRun.of("evaluate", "--set", "nowhere.safetensors", "--stacktrace");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.messages()).contains("there is no file nowhere.safetensors", "    at io.reflux.cli.");
    }

    @Test
    void printsEverySettingWithItsValue() {
        CommandRun run = CommandRun.of("distill", "--show-config", "--ipc", "10", "--set", "experts.count=7");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output().lines())
                .contains(
                        "reflux.distillation.images-per-class=10",
                        "reflux.distillation.experts.count=7",
                        "reflux.distillation.matching.loss-gate=1.5");
    }

    @Test
    void saysThatNoBrokerAnswers() {
        CommandRun run = CommandRun.of(
                "consume",
                "--bootstrap",
                "127.0.0.1:1",
                "--out",
                directory.resolve("a.npz").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.complaints()).singleElement().asString().contains("no Kafka broker answers at 127.0.0.1:1");
    }
}
