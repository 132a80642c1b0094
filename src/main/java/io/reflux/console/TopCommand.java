package io.reflux.console;

/** The command above all others, which has the terminal they write to. */
public interface TopCommand {
    Terminal terminal();
}
