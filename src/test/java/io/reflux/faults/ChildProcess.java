package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A virtual machine of its own that can be killed, told to stop, paused and started again; its log is one file. */
public abstract class ChildProcess implements AutoCloseable {
    private static final int TAIL = 60;
    private static final int FRAMES = 16;
    private static final Duration DUMP = Duration.ofSeconds(2);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(20);
    private final String name;
    private final Path directory;
    private Process process;

    /** @param directory of its own, for its log and whatever it keeps */
    protected ChildProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    /** What follows {@code java}. */
    protected abstract List<String> arguments();

    final Path directory() {
        return directory;
    }

    final String name() {
        return name;
    }

    /** Starts it and returns at once. */
    public void start() {
        assertThat(isRunning()).as("%s runs already", name).isFalse();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // short lives on a shared machine: quick to start, and small
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public final boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** How it is, in some words. */
    String state() {
        return isRunning() ? "runs" : process == null ? "was never started" : "has ended with " + process.exitValue();
    }

    /** What its threads do whose names begin so, as its log has it from now on. */
    final String stacks(String... names) {
        signal("QUIT");
        endsWithin(DUMP);
        String said = said();
        String dump = said.substring(Math.max(0, said.lastIndexOf("Full thread dump")));
        return Arrays.stream(dump.split("\n\n"))
                .filter(stack -> Arrays.stream(names).anyMatch(name -> stack.startsWith("\"" + name)))
                .map(stack -> stack.lines().limit(FRAMES).collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n"));
    }

    /** {@code kill -9}; returns when it is gone. */
    public final void kill() {
        process.destroyForcibly();
        awaitEnd(LAST_PATIENCE);
    }

    /** {@code SIGTERM}. */
    public final void terminate() {
        process.destroy();
    }

    /** {@code SIGSTOP}: it stands still and knows nothing of it. */
    final void pause() {
        signal("STOP");
    }

    /** {@code SIGCONT}. */
    final void resume() {
        signal("CONT");
    }

    /** Waits for its end, however it comes. */
    public final int awaitEnd(Duration bound) {
        assertThat(endsWithin(bound))
                .as("%s ends within %s; its log ends with%n%s", name, bound, tail())
                .isTrue();
        return process.exitValue();
    }

    /** Whether it ends by itself in this time. */
    final boolean endsWithin(Duration bound) {
        try {
            return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Everything it has said, over all its lives. */
    public final String said() {
        try {
            return Files.exists(log()) ? Files.readString(log(), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last it has said. */
    public final String tail() {
        List<String> lines = said().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    @Override
    public void close() {
        if (isRunning()) {
            kill();
        }
    }

    /** A port of this machine that nobody listens on. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return directory.resolve(name + ".log");
    }

    /** Sends it a signal, by its name without SIG. */
    protected final void signal(String signal) {
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(code).as("kill -%s %s", signal, name).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
