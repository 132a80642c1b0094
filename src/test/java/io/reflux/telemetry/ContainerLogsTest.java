package io.reflux.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Logs are for eyes until the property says otherwise, which the container does; that it gives JSON is seen by ObservedIT. */
final class ContainerLogsTest {
    private static final String JSON = "quarkus.log.console.json.enabled";

    @Test
    void onlyTheContainerSwitchesJsonOn() throws IOException {
        Properties application = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("src", "main", "resources", "application.properties"))) {
            application.load(reader);
        }

        assertThat(application).containsEntry(JSON, "false").doesNotContainKey("%prod." + JSON);
        assertThat(environment()).containsEntry(variable(), "true");
    }

    @Test
    void thePageForOperatorsNamesTheSwitch() throws IOException {
        assertThat(Files.readString(Path.of("docs", "operations.md"))).contains(JSON, variable());
    }

    /** How MicroProfile Config calls the property in the environment. */
    private static String variable() {
        return JSON.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** What {@code ENV} of the image's last stage sets. */
    private static Map<String, String> environment() throws IOException {
        String file = Files.readString(Path.of("deploy", "Dockerfile.jvm")).replace("\\\n", " ");
        return file.substring(file.lastIndexOf("\nFROM "))
                .lines()
                .filter(line -> line.startsWith("ENV "))
                .flatMap(line -> Arrays.stream(line.substring(4).strip().split("\\s+")))
                .map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
    }
}
