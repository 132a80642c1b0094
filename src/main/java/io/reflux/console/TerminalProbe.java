package io.reflux.console;

import java.io.Console;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whether the process is attached to a terminal, whether its errors appear there, and how wide it is. */
final class TerminalProbe {
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{1,4})");
    private static final int USUAL_COLUMNS = 80;

    private TerminalProbe() {}

    /** Looked up once, when it is first asked for: most commands fail at nothing and measure nothing. */
    private static final class Errors {
        private static final boolean SHOWN = onTerminal("2");
    }

    /** From Java 22 on there is always a console, which then says by {@code isTerminal()} whether it is one. */
    static boolean attached() {
        Console console = System.console();
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }

    /** Whether standard error is a terminal: the console of Java knows of the other two streams only. */
    static boolean showsErrors() {
        return Errors.SHOWN;
    }

    /** Characters in a line of the terminal: $COLUMNS, else what stty(1) says, else 80. */
    static int columns() {
        String told = System.getenv("COLUMNS");
        Matcher size = SIZE.matcher(told == null ? "" : told.strip());
        if (size.matches()) {
            return Integer.parseInt(size.group(1));
        }
        return stty().orElse(USUAL_COLUMNS);
    }

    private static boolean onTerminal(String descriptor) {
        try {
            return new ProcessBuilder("sh", "-c", "test -t " + descriptor)
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // a system without it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static OptionalInt stty() {
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            Matcher size = SIZE.matcher(said.substring(said.indexOf(' ') + 1));
            return size.matches() ? OptionalInt.of(Integer.parseInt(size.group(1))) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty(); // a system without it
        }
    }
}
