package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.Terminal;
import picocli.CommandLine.Option;

/** Asks before what cannot be undone, unless the command line has answered already. */
final class Confirmation {
    @Option(
            names = {"-y", "--yes"},
            description = "Do it without asking.")
    private boolean yes;

    /**
     * @param deed what will be done, as a sentence
     * @throws CommandException when nobody agrees, or nobody can be asked
     */
    void require(Terminal terminal, String deed) {
        if (yes) {
            return;
        }
        if (!terminal.isInteractive()) {
            throw CommandException.usage(deed + "; say --yes if that is what you want");
        }
        if (!terminal.agrees(deed)) {
            throw CommandException.failure("nothing was changed");
        }
    }
}
