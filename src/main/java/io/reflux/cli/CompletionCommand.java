package io.reflux.cli;

import io.reflux.console.ConsoleCommand;
import io.reflux.console.Terminal;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets a shell complete command lines. */
@Command(
        name = "completion",
        sortOptions = false,
        description = "Prints a script that lets bash or zsh complete the commands, options and values of reflux.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(reflux completion bash)           for this shell",
            "  reflux completion bash > ~/.local/share/bash-completion/completions/reflux",
            "                                             for every bash",
            "  reflux completion zsh >> ~/.zshrc          for every zsh"
        })
final class CompletionCommand extends ConsoleCommand {
    /** One script serves both: zsh reads bash's. */
    enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec own;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Override
    protected void run(Terminal terminal) {
        CommandLine reflux = own.root().commandLine();
        String script = AutoComplete.bash(reflux.getCommandName(), reflux);
        terminal.print("# " + shell + " completion of " + reflux.getCommandName() + "\n" + script);
    }
}
