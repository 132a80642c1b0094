package io.reflux.bench;

import io.reflux.console.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service in a process of its own, with everything on; it ends with this process. */
final class ServiceChild implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LINES = 5;

    private final Process process;
    private final Path log;
    private final Thread hook;

    private ServiceChild(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.hook = new Thread(process::destroy, "service-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Starts it; rounds run on request only, unless the properties say otherwise.
     *
     * @param folder for its files and its log
     * @param more properties of its configuration
     */
    static ServiceChild start(IngestCluster cluster, Path folder, Map<String, String> more) throws IOException {
        return start(cluster, folder, more, List.of());
    }

    /** @param java further options of the virtual machine */
    static ServiceChild start(IngestCluster cluster, Path folder, Map<String, String> more, List<String> java)
            throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("reflux.data.directory", folder.resolve("service").toString());
        properties.put("reflux.rounds.every-images", "0");
        properties.put("quarkus.http.port", "0");
        if (!cluster.topics().prefix().isEmpty()) {
            properties.put("reflux.topics.prefix", cluster.topics().prefix());
        }
        properties.putAll(more);
        List<String> command = OwnProcess.command();
        command.addAll(1, java);
        command.addAll(List.of(
                "serve", "--quiet", "--kafka-config", cluster.clientFile(folder).toString()));
        properties.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
        Path log = folder.resolve("service.log");
        return new ServiceChild(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    ProcessStatus status() {
        return new ProcessStatus(process.pid());
    }

    /** @throws CommandException when it has ended, with what it said last */
    void requireAlive() {
        if (!process.isAlive()) {
            throw CommandException.failure(
                    "the service ended with exit code " + process.exitValue() + ": " + lastLines());
        }
    }

    /** What it said last. */
    String lastLines() {
        try {
            List<String> lines = new ArrayList<>(Files.readAllLines(log, StandardCharsets.UTF_8));
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
        } catch (IOException e) {
            return "it said nothing that can be read";
        }
    }

    /** Stops it and waits for its end. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            return; // this process is ending already
        }
    }
}
