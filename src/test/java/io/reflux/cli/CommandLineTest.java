package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.reflux.console.CommandException;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.SetFile;
import io.reflux.console.TinySets;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.SettingsProperties;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class CommandLineTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "serve",
                "produce",
                "consume",
                "distill",
                "evaluate",
                "search",
                "status",
                "feeds",
                "rounds",
                "erase",
                "generations",
                "dead-letters",
                "completion"
            })
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
                        "search",
                        "bench",
                        "Exit codes:",
                        "Examples:");
    }

    @Test
    void saysHowItEndsInTheHelpOfEveryCommandAndGivesEveryResultAsJson() {
        List<CommandLine> commands = leaves(new CommandLine(new Reflux()));

        assertThat(commands).hasSizeGreaterThan(20);
        for (CommandLine command : commands) {
            String name = command.getCommandSpec().qualifiedName();
            assertThat(command.getUsageMessage(CommandLine.Help.Ansi.OFF))
                    .as(name)
                    .contains("Exit codes:", "0 ", "1 ", "2 ", "130 ", "143 ");
            if (!name.equals("reflux serve") && !name.equals("reflux completion")) {
                assertThat(command.getCommandSpec().findOption("--json"))
                        .as(name)
                        .isNotNull();
            }
        }
    }

    /** Commands that do something by themselves. */
    private static List<CommandLine> leaves(CommandLine command) {
        List<CommandLine> found = new ArrayList<>();
        if (command.getCommand() instanceof ConsoleCommand) {
            found.add(command);
        }
        command.getSubcommands().values().forEach(sub -> found.addAll(leaves(sub)));
        return found;
    }

    @Test
    void writesJsonAloneToStandardOutputWhenNoFileIsNamed() throws Exception {
        List<String> line = List.of("bench", "scale", "--feeds", "10", "--every", "1", "--rate", "100", "--json");
        CommandRun printed = CommandRun.of(line);
        Path file = directory.resolve("scale.json");
        List<String> toFile = new ArrayList<>(line);
        toFile.add(file.toString());
        CommandRun written = CommandRun.of(toFile);

        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(printed.output())).isEqualTo(json.readTree(Files.readAllBytes(file)));
        assertThat(written.output()).contains("what limits first");
    }

    @Test
    void namesTheServiceThatDoesNotAnswerAndTheWayOut() {
        for (String command : List.of("status", "feeds", "rounds", "rounds start", "rounds cancel")) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(List.of("--url", "http://127.0.0.1:1"));

            CommandRun run = CommandRun.of(arguments);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.output()).isEmpty();
            assertThat(run.complaints())
                    .singleElement()
                    .asString()
                    .contains("nothing answers at http://127.0.0.1:1", "'reflux serve'", "--url");
        }
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
                "distil                        | did you mean distill",
                "distill --out a.npz --ipc x   | 'x' is not an int",
                "distill --out a.npz --ipc 0   | reflux.distillation.images-per-class is 0",
                "distill                       | --out",
                "distill --out set.pt          | set.pt tells no format",
                "distill --out a.npz --ipc 9 --per-class 3 | --per-class is 3",
                "distill --out a.npz --set experts.epoch=3 | reflux.distillation.experts.epoch is no setting",
                "distill --out a.npz --set experts.epochs=2 | reflux.distillation.matching.max-start-epoch is 2",
                "distill --out a.npz --set matching.momentum=much | reflux.distillation.matching.momentum is 'much'",
                "distill --out a.npz --preset cifar10 | reflux.distillation.preset is 'cifar10', must be one of cpu-small",
                "distill --out a.npz --set start=noise | reflux.distillation.start is 'noise', must be one of random",
                "distill --out a.npz --set matching.min-start-epoch=4 | reflux.distillation.matching.min-start-epoch is 4",
                "demo --preset none            | reflux.distillation.preset is 'none'",
                "demo --nothing                | Unknown option: '--nothing'",
                "demo --per-class 0            | --per-class",
                "produce --rate 0              | --rate is 0",
                "produce --limit-per-class 0   | --limit-per-class is 0",
                "produce --encoding jpg        | 'jpg'",
                "consume                       | --out",
                "evaluate --data x             | --set",
                "evaluate --set a --net convnet,resnet50 | there is no network 'resnet50'; there are convnet, alexnet,",
                "evaluate --set a --net x --baselines | there is no network 'x'",
                "evaluate --set a --epochs 0   | --epochs is 0",
                "evaluate --set a --trajectory-error --baselines | leave out --net, --baselines and --epochs",
                "evaluate --set a --device tpu | reflux.device is 'tpu', must be auto, cpu, gpu or gpu:N",
                "bench core --device tpu       | reflux.device is 'tpu', must be auto, cpu, gpu or gpu:N",
                "bench core --device gpu:999   | reflux.device is gpu:999, but PyTorch sees",
                "bench accuracy --set seed=3   | --set names seed, which this command decides itself",
                "erase                         | --identity",
                "erase --at x --until now      | Invalid value",
                "erase --identity x --at y     | mutually exclusive",
                "erase --identity a --until 2026-03-01T12:00:00Z | --until goes with --device only",
                "status --url here             | --url is 'here', must be like http://127.0.0.1:8080",
                "feeds --url ftp://host        | --url is 'ftp://host', must be like",
                "rounds --limit 0              | --limit is 0",
                "completion fish               | 'fish'",
                "serve --rate 3                | --demo",
                "serve --demo --rate 0         | --rate is 0.0, must be more than 0",
                "generations                   | say what to do: list, pin, unpin or rollback",
                "generations pin               | --generation",
                "dead-letters                  | say what to do: replay",
                "search --data x               | --set",
                "search --set a --networks 721 | --networks is 721, must be 1 to 720",
                "search --set a --networks 10 --space width=32;depth=1;norm=none | must be 1 to 9, as many as",
                "search --set a --space width=48 | --space: there is no width '48'",
                "search --set a --top 5,1      | --top has 1",
                "search --set a --per-class 0  | --per-class is 0",
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
    void refusesASetThatIsCutOffAnywhere() throws Exception {
        byte[] whole = TinySets.ofTwoClasses().toSafetensors().encode();
        Path file = directory.resolve("set.safetensors");
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SetFile.read(file))
                    .as("%d bytes of %d", length, whole.length)
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining(file + " is no distilled set")
                    .message()
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "student.epochs           | 0         | a student cannot train",
                "student.batch            | 0         | a student cannot train",
                "student.width            | many      | 'student.width' is 'many'",
                "student.learning-rate    | fast      | 'student.learning-rate' is 'fast'",
                "student.learning-rate    | NaN       | a student cannot train at rate NaN",
                "student.network          | ViT       | there is no network 'ViT'",
                "student.network          | AlexNet   | sets are distilled with a ConvNet",
                "student.augmentation     | sharpen   | sharpen",
                "classes                  | null      | 'classes'",
                "normalisation.mean       | [0.5      | damaged metadata of a distilled set",
                "normalisation.mean       | null      | 'normalisation.mean' is null, not an array of numbers",
                "normalisation.mean       | [1e39]    | the mean of channel 0 is Infinity, must be a finite number",
                "normalisation.mean       | [0.5,0.5] | one mean and one deviation a channel, got 2 and 1",
                "normalisation.deviation  | [0]       | the deviation of channel 0 is 0.0, must be positive and finite",
                "normalisation.deviation  | [-0.25]   | the deviation of channel 0 is -0.25, must be positive",
                "normalisation.deviation  | ['NaN']   | the deviation of channel 0 is NaN, must be positive",
                "normalisation.deviation  | [1e39]    | the deviation of channel 0 is Infinity, must be positive",
                "normalisation.deviation  | []        | one mean and one deviation a channel, got 1 and 0"
            })
    void refusesASetThatSaysWhatCannotBe(String key, String value, String expected) throws Exception {
        Safetensors whole = TinySets.ofTwoClasses().toSafetensors();
        Map<String, String> metadata = new LinkedHashMap<>(whole.metadata());
        metadata.put(key, value.replace('\'', '"'));

        requireRefused(new Safetensors(whole.tensors(), metadata), expected);
    }

    @Test
    void refusesASetNormalisedInAnotherNumberOfChannels() throws Exception {
        Safetensors whole = TinySets.ofTwoClasses().toSafetensors();
        Map<String, String> metadata = new LinkedHashMap<>(whole.metadata());
        metadata.put("normalisation.mean", "[0.5,0.5,0.5]");
        metadata.put("normalisation.deviation", "[0.25,0.25,0.25]");

        requireRefused(
                new Safetensors(whole.tensors(), metadata), "images of shape 1,2,2 cannot be in this normalisation");
    }

    @ParameterizedTest
    @CsvSource({"images, 7, NaN", "images, 15, Infinity", "images, 0, -Infinity", "labels, 3, NaN"})
    void refusesASetWithAValueThatIsNoNumber(String name, int index, float value) throws Exception {
        Safetensors whole = TinySets.ofTwoClasses().toSafetensors();
        Map<String, Tensor> tensors = new LinkedHashMap<>(whole.tensors());
        Tensor tensor = whole.tensor(name, Tensor.Type.F32);
        float[] values = tensor.floats();
        values[index] = value;
        tensors.put(name, Tensor.of(values, tensor.shape()));

        requireRefused(
                new Safetensors(tensors, whole.metadata()),
                "value " + index + " of tensor '" + name + "' is " + value + ", must be a finite number");
    }

    private void requireRefused(Safetensors content, String reason) throws Exception {
        Path file = directory.resolve("set.safetensors");
        Files.write(file, content.encode());

        CommandRun run = CommandRun.of("evaluate", "--set", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.messages().lines()).hasSize(1);
        assertThat(run.complaints()).singleElement().asString().contains(file + " is no distilled set", reason);
    }

    @ParameterizedTest
    @CsvSource({
        "--experts,        experts.count",
        "--expert-epochs,  experts.epochs",
        "--expert-rate,    experts.learning-rate",
        "--flatness,       experts.flatness",
        "--inner-steps,    matching.inner-steps",
        "--matched-epochs, matching.matched-epochs",
        "--inner-batch,    matching.batch"
    })
    void saysInTheHelpOfEvaluateWhatATrajectoryErrorTakesWhereNothingIsSaid(String option, String property) {
        String used = SettingsProperties.write(DistillationSettings.cpuSmall()).get(property);

        CommandRun run = CommandRun.of("evaluate", "--help");

        String help = run.output().replaceAll("\\s+", " ");
        String description = help.substring(help.indexOf(" " + option + "="));
        assertThat(description.substring(0, description.indexOf(").") + 2)).endsWith("(default: " + used + ").");
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
                        "reflux.distillation.matching.inner-steps=15",
                        "reflux.distillation.experts.count=7",
                        "reflux.distillation.matching.loss-gate=1.5");
    }

    @Test
    void printsAPresetInFullSoThatItCanBeGivenBackSettingBySetting() {
        CommandRun shown = CommandRun.of("distill", "--show-config", "--preset", "cifar100-ipc10-datm");
        List<String> again = new ArrayList<>(List.of("demo", "--show-config"));
        shown.output().lines().forEach(line -> again.addAll(List.of("--set", line)));

        CommandRun given = CommandRun.of(again);

        assertThat(shown.output().lines())
                .contains(
                        "reflux.distillation.images-per-class=10",
                        "reflux.distillation.start=correct",
                        "reflux.distillation.matching.max-start-epoch=50",
                        "reflux.distillation.matching.first-max-start-epoch=30",
                        "reflux.distillation.matching.label-learning-rate=10.0");
        assertThat(given.output()).isEqualTo(shown.output());
    }

    @Test
    void optionsComeBeforeThePreset() {
        CommandRun run = CommandRun.of(
                "distill",
                "--show-config",
                "--preset",
                "cifar10-ipc50",
                "--ipc",
                "3",
                "--iterations",
                "9",
                "--set",
                "experts.count=7");

        assertThat(run.output().lines())
                .contains(
                        "reflux.distillation.images-per-class=3",
                        "reflux.distillation.matching.iterations=9",
                        "reflux.distillation.experts.count=7",
                        "reflux.distillation.matching.average-decay=0.999");
    }

    @Test
    void listsThePresets() {
        CommandRun run = CommandRun.of("distill", "--list-presets");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output().lines()).hasSize(36);
        assertThat(run.output().lines().map(line -> line.replaceAll("  +", " | ")))
                .contains(
                        "cifar10-ipc10 | ftd | CIFAR-10 | 10 | 100 × 50 | 5000 | 30 | 0…19 | all | 100 | - | 0.9995",
                        "tiny-ipc1-datm | datm | Tiny ImageNet | 1 | 100 × 100 | 10000 | 40 | 0…14→19 | all | 10000 | 10"
                                + " | -");
    }

    @Test
    void refusesAPresetOnDataOfAnotherSize() {
        for (String command : List.of("distill", "demo")) {
            CommandRun run = CommandRun.of(
                    command,
                    "--preset",
                    "cifar10-ipc1",
                    "--out",
                    directory.resolve(command).toString());

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.complaints())
                    .singleElement()
                    .asString()
                    .contains("preset is cifar10-ipc1, made for CIFAR-10 (images of 3,32,32 in 10 classes)")
                    .contains("these are images of 3,16,16 in 10 classes", "--list-presets");
        }
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
