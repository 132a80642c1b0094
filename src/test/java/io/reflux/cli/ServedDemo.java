package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.console.ExitCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code reflux serve --demo} of the packaged application, in a process of its own on free ports. */
public final class ServedDemo implements AutoCloseable {
    private static final Path PACKAGED = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Pattern ADDRESS = Pattern.compile("the dashboard: (http://127\\.0\\.0\\.1:\\d+/)#demo");
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final Path temporary;

    /**
     * Starts it.
     *
     * @param directory for its log and its temporary files
     */
    public ServedDemo(Path directory, String... arguments) throws IOException {
        assertThat(PACKAGED).as("build it by ./mvnw -Dmaven.test.skip package").exists();
        this.log = directory.resolve("demo.log");
        this.temporary = Files.createDirectories(directory.resolve("tmp"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-Djava.io.tmpdir=" + temporary.toAbsolutePath(),
                "-jar",
                PACKAGED.toString(),
                "serve",
                "--demo",
                "--port",
                "0",
                "--set",
                "reflux.broker.port=0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
        this.process = builder.redirectOutput(log.toFile()).start();
    }

    /** The dashboard's address as it printed it, without the feed. */
    public String address() {
        await().atMost(START)
                .untilAsserted(() ->
                        assertThat(ADDRESS.matcher(said()).find()).as(said()).isTrue());
        Matcher address = ADDRESS.matcher(said());
        assertThat(address.find()).isTrue();
        return address.group(1);
    }

    /**
     * Ctrl-C; or, where this process was started so that it and its children ignore that, SIGTERM.
     *
     * @return the exit code that belongs to the signal
     */
    int interrupt() throws IOException, InterruptedException {
        boolean deaf = ignoresInterrupts();
        String signal = deaf ? "-TERM" : "-INT";
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
        return deaf ? 143 : ExitCodes.INTERRUPTED;
    }

    /** Shells start what they put in the background so. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    /** Its exit code, once it has ended. */
    int end() throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said()).isTrue();
        return process.exitValue();
    }

    /** Everything it has written. */
    String said() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it puts what goes away with it. */
    Path temporary() {
        return temporary;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
