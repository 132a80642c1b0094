package io.reflux.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;

/** Tells whether the process is attached to a terminal. */
final class TerminalProbe {
    private TerminalProbe() {}

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
}
