package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion script in a real bash. */
final class CompletionCommandTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void write() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/bin/bash"))).as("/bin/bash").isTrue();
        CommandRun run = CommandRun.of("completion", "bash");
        assertThat(run.exitCode()).isZero();
        Files.writeString(directory.resolve("reflux"), run.output());
    }

    @Test
    void isAScriptThatBashReads() throws Exception {
        assertThat(bash("bash -n reflux && source ./reflux && complete -p reflux"))
                .contains("complete ", " reflux");
    }

    @Test
    void isTheSameScriptForZsh() {
        assertThat(CommandRun.of("completion", "zsh").output())
                .contains("# zsh completion of reflux", "bashcompinit", "complete -F _complete_reflux");
    }

    @ParameterizedTest
    @CsvSource({
        "ro,                      rounds",
        "rounds st,               start",
        "sta,                     status",
        "consume --fe,            --feed",
        "serve --de,              --demo",
        "produce --encoding n,    npy",
        "completion b,            bash",
        "generations roll,        rollback"
    })
    void completesTheLastWord(String typed, String expected) throws Exception {
        List<String> words = List.of(("reflux " + typed).split(" "));
        String script = "source ./reflux\nCOMP_WORDS=(" + String.join(" ", words) + ")\nCOMP_CWORD="
                + (words.size() - 1) + "\nCOMP_LINE='" + String.join(" ", words) + "'\n"
                + "$(complete -p reflux | sed 's/.*-F \\([^ ]*\\).*/\\1/') reflux " + words.get(words.size() - 1) + " "
                + words.get(words.size() - 2) + "\nprintf '%s\\n' \"${COMPREPLY[@]}\"";

        assertThat(bash(script).lines().map(String::strip)).containsExactly(expected.toLowerCase());
    }

    private static String bash(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/bash", "--norc", "-c", script)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
