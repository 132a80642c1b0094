package io.reflux.cli;

import io.reflux.console.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One command line that was run in this process.
 *
 * @param exitCode it ended with
 * @param output what it printed
 * @param messages what it said on standard error
 */
public record CommandRun(int exitCode, String output, String messages) {
    public static CommandRun of(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(stream(output), stream(messages), false);
        int exitCode = Reflux.execute(terminal, arguments);
        return new CommandRun(
                exitCode, output.toString(StandardCharsets.UTF_8), messages.toString(StandardCharsets.UTF_8));
    }

    public static CommandRun of(List<String> arguments) {
        return of(arguments.toArray(String[]::new));
    }

    /** The lines that say what went wrong. */
    public List<String> complaints() {
        return messages.lines().filter(line -> line.startsWith("reflux: ")).toList();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
