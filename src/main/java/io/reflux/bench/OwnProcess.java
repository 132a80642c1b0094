package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.Terminal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** A fresh process of this very program, with the same Java, options and environment. */
final class OwnProcess {
    private static final String PREFIX = "reflux: ";

    /** By its name: the start of the process knows the commands, not they the start. */
    private static final String START = "io.reflux.cli.Reflux";

    private OwnProcess() {}

    /**
     * Runs a command line to its end; what it says while it runs is said here.
     *
     * @throws CommandException with its sentence when it fails
     */
    static void run(List<String> arguments, Terminal terminal) throws IOException {
        List<String> command = command();
        command.addAll(arguments);
        Subprocess ended = Subprocess.run(command, environment -> {}, line -> {
            if (!line.startsWith(PREFIX)) {
                terminal.note(line);
            }
        });
        if (ended.exitCode() != 0) {
            throw CommandException.failure("a process that measured " + reason(ended));
        }
    }

    private static String reason(Subprocess ended) {
        return ended.lastMessage().startsWith(PREFIX)
                ? "failed: " + ended.lastMessage().substring(PREFIX.length())
                : "ended with exit code " + ended.exitCode()
                        + (ended.exitCode() > 128 ? ", killed, most likely for want of memory" : "");
    }

    /** What starts this program again; further arguments may be added. */
    static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse(System.getProperty("java.home") + "/bin/java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        String path = System.getProperty("java.class.path");
        // The packaged application loads its classes by itself from beside the one jar on the class path.
        boolean packaged = OwnProcess.class.getClassLoader() != ClassLoader.getSystemClassLoader();
        command.addAll(packaged ? List.of("-jar", path) : List.of("-cp", path, START));
        return command;
    }
}
