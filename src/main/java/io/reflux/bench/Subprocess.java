package io.reflux.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Another program, run to its end; it does not outlive this process.
 *
 * @param exitCode it ended with; 128 and the signal's number when it was killed
 * @param output what it printed
 * @param lastMessage the last line it wrote on standard error, empty when it wrote none
 */
record Subprocess(int exitCode, String output, String lastMessage) {

    /**
     * @param environment changes what the program inherits
     * @param messages told every line of its standard error as it comes
     * @throws IOException when it cannot be started
     */
    static Subprocess run(List<String> command, Consumer<Map<String, String>> environment, Consumer<String> messages)
            throws IOException {
        Path output = Files.createTempFile("reflux-bench-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile());
            environment.accept(builder.environment());
            Process process = builder.start();
            Thread hook = new Thread(process::destroy, "subprocess-end");
            Runtime.getRuntime().addShutdownHook(hook);
            String last = follow(process, messages);
            int exitCode = ended(process);
            forget(hook);
            return new Subprocess(exitCode, Files.readString(output), last);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static String follow(Process process, Consumer<String> messages) throws IOException {
        String last = "";
        try (BufferedReader reader = process.errorReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                messages.accept(line);
                last = line.isBlank() ? last : line.strip();
            }
        }
        return last;
    }

    private static int ended(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while waiting for " + process.info().command().orElse("a program"), e);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // this process is ending already, and there is nothing left to take along
        }
    }
}
