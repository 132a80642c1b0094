package io.reflux.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.reflux.cli.Reflux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands in processes of their own, before a pseudo-terminal of script(1) and before a pipe. */
final class RealTerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final String ESCAPE = "\u001b";

    /** Tells how wide the terminal is. */
    static final class Width {
        private Width() {}

        public static void main(String... arguments) {
            System.out.println(TerminalProbe.columns());
        }
    }

    /** Measures a task that is over at once, and fails. */
    static final class Failing {
        private Failing() {}

        public static void main(String... arguments) {
            Terminal terminal = Terminal.ofProcess();
            try (Meter meter = terminal.meter("task", "steps", 10)) {
                meter.at(7, "");
            }
            terminal.fail("it did not work");
        }
    }

    @TempDir
    private Path directory;

    @Test
    void usesColoursOnATerminalOnly() throws Exception {
        assumeThat(Files.isExecutable(SCRIPT)).as("%s", SCRIPT).isTrue();

        assertThat(onTerminal(Map.of(), Reflux.class, "rounds", "--limit", "0"))
                .contains(ESCAPE + "[31mreflux:" + ESCAPE + "[0m --limit is 0");
        assertThat(onTerminal(Map.of("NO_COLOR", "1"), Reflux.class, "rounds", "--limit", "0"))
                .contains("reflux: --limit is 0")
                .doesNotContain(ESCAPE);
        assertThat(run(command(Reflux.class, "rounds", "--limit", "0")))
                .contains("reflux: --limit is 0")
                .doesNotContain(ESCAPE);
    }

    @Test
    void keepsColoursAndBarsOutOfErrorsThatGoToAFile() throws Exception {
        assumeThat(Files.isExecutable(SCRIPT)).as("%s", SCRIPT).isTrue();
        Path file = directory.resolve("errors.log");

        String seen = onTerminal(Map.of(), "2>" + file, Failing.class);

        assertThat(seen).isEmpty();
        assertThat(Files.readString(file))
                .contains("task: 7 of 10 steps", "reflux: it did not work")
                .doesNotContain(ESCAPE, "\r", "[=");
    }

    @Test
    void showsColoursAndBarsOfErrorsWhenOnlyResultsGoToAFile() throws Exception {
        assumeThat(Files.isExecutable(SCRIPT)).as("%s", SCRIPT).isTrue();

        assertThat(onTerminal(Map.of(), ">/dev/null", Failing.class))
                .contains("task  70% [=", ESCAPE + "[31mreflux:" + ESCAPE + "[0m it did not work");
        assertThat(onTerminal(Map.of("NO_COLOR", "1"), ">/dev/null", Failing.class))
                .contains("task  70% [=", "reflux: it did not work")
                .doesNotContain(ESCAPE + "[31m");
        assertThat(onTerminal(Map.of("TERM", "dumb"), ">/dev/null", Failing.class))
                .contains("task: 7 of 10 steps", "reflux: it did not work")
                .doesNotContain(ESCAPE, "[=");
    }

    @Test
    void knowsHowWideTheTerminalIs() throws Exception {
        assumeThat(Files.isExecutable(SCRIPT)).as("%s", SCRIPT).isTrue();

        assertThat(onTerminal(Map.of(), Width.class).strip()).isEqualTo("61");
        assertThat(onTerminal(Map.of("COLUMNS", "47"), Width.class).strip()).isEqualTo("47");
    }

    private static String onTerminal(Map<String, String> environment, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        return onTerminal(environment, "", main, arguments);
    }

    /** @param redirection of a shell, of some of its streams */
    private static String onTerminal(
            Map<String, String> environment, String redirection, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("env"));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        command(main, arguments).forEach(word -> words.add("'" + word + "'"));
        String line = "stty cols 61 rows 20; " + String.join(" ", words) + " " + redirection + " || true";
        return run(List.of(SCRIPT.toString(), "-qec", line, "/dev/null"));
    }

    private static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** What it writes, to either stream. */
    private static String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // a shell before a terminal keeps COLUMNS right by itself
        builder.environment().keySet().removeAll(List.of("NO_COLOR", "COLUMNS"));
        builder.environment().put("TERM", "xterm");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
