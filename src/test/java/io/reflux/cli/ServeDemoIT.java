package io.reflux.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.distill.SettingsProperties;
import io.restassured.path.json.JsonPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first screen of the README promises, on the packaged application, with rounds that take no time. */
final class ServeDemoIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void servesAFeedThatGoesOnAndASetToTrainOnUntilItIsInterrupted() throws Exception {
        try (ServedDemo demo = new ServedDemo(directory, tiny())) {
            String address = demo.address();

            assertThat(given().get(address).asString()).contains("<title>Reflux</title>", "dashboard.js");
            await("a generation").atMost(BOUND).until(() -> feed(address).get("generation") != null);
            long images = feed(address).getLong("in.images");
            await("further images").atMost(BOUND).until(() -> feed(address).getLong("in.images") > images);
            assertThat(feed(address).getMap("rejects").keySet()).isEqualTo(Set.of("shape-invalid"));
            assertThat(CommandRun.of("status", "--url", address).exitCode()).isZero();
            trainOn(given().get(address + "api/v1/feeds/demo/generations/current/set?format=safetensors")
                    .asByteArray());

            int code = demo.interrupt();

            assertThat(demo.end()).isEqualTo(code);
            assertThat(demo.said()).doesNotContain("ERROR", "Exception", "\tat ");
            try (Stream<Path> left = Files.list(demo.temporary())) {
                assertThat(left.filter(path -> path.getFileName().toString().startsWith("reflux-demo")))
                        .isEmpty();
            }
        }
    }

    private void trainOn(byte[] set) throws Exception {
        Path file = Files.write(directory.resolve("demo.safetensors"), set);

        CommandRun run = CommandRun.of(
                "evaluate", "--set", file.toString(), "--per-class", "10", "--students", "1", "--random-draws", "1");

        assertThat(run.exitCode()).as(run.messages()).isZero();
        assertThat(run.output()).contains("distilled images", "random real images", "the whole sample");
    }

    private static JsonPath feed(String address) {
        return given().get(address + "api/v1/feeds/demo").jsonPath();
    }

    /** Rounds as small as they can be, which find the set better than students that learn nothing from real images. */
    private static String[] tiny() {
        List<String> arguments = new ArrayList<>(List.of("--rate", "50"));
        TinySettings.properties()
                .forEach((name, value) ->
                        arguments.addAll(List.of("--set", SettingsProperties.PREFIX + name + "=" + value)));
        arguments.addAll(List.of("--set", SettingsProperties.PREFIX + "evaluation.real-rate=1e-9"));
        arguments.addAll(List.of("--set", SettingsProperties.PREFIX + "evaluation.epochs=60"));
        return arguments.toArray(String[]::new);
    }
}
