package io.reflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.faults.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A command line of the packaged application, in a process of its own. */
final class PackagedCommand extends ChildProcess {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final String END_OF_A_DUMP = "JNI global refs";

    private final List<String> line;

    /** Starts it. */
    PackagedCommand(String name, Path directory, List<String> line) {
        super(name, directory);
        assertThat(JAR).as("build it by ./mvnw -Dmaven.test.skip package").exists();
        this.line = line;
        start();
    }

    @Override
    protected List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("-Xmx512m", "-Dai.djl.offline=true", "-jar", JAR.toString()));
        arguments.addAll(line);
        return arguments;
    }

    /** Its exit code, once it has ended. */
    int end() {
        return awaitEnd(BOUND);
    }

    /** Waits until it has said this. */
    void awaitWords(String words) {
        await(words).atMost(BOUND).pollInterval(POLL).until(() -> !isRunning() || said().contains(words));
        assertThat(said()).contains(words);
    }

    /** Waits until one of its threads is in this method, which it has then begun and not ended; it has spoken before. */
    void awaitMethod(String method) {
        await(method).atMost(BOUND).pollInterval(POLL).until(() -> !isRunning() || dump().contains(method + "("));
        assertThat(isRunning()).as(tail()).isTrue();
    }

    private String dump() {
        int before = said().length();
        signal("QUIT");
        await().atMost(BOUND)
                .pollInterval(POLL)
                .until(() -> !isRunning() || said().substring(before).contains(END_OF_A_DUMP));
        return said().substring(before);
    }
}
