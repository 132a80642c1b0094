package io.reflux.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service, told to start as nobody should. */
final class ExposureIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Nothing listens there; what is refused is refused before anybody is asked. */
    private static final String NO_BROKER = "127.0.0.1:1";

    @TempDir
    Path directory;

    @Test
    void refusesAPublicAddressWhileNobodyHasToSayWhoTheyAre() {
        refused(
                Map.of("quarkus.http.host", "0.0.0.0"),
                "reflux: quarkus.http.host is 0.0.0.0, which other machines reach, and reflux.security is none",
                "reflux.security.none-on-public-address=true");
    }

    @Test
    void refusesAModeThatNobodyCouldEnterBy() {
        refused(Map.of("reflux.security", "basic"), "reflux: reflux.security is basic, but there is no user");
    }

    @Test
    void livesWithoutItsProviderOfIdentities() {
        Map<String, String> properties =
                Map.of("reflux.security", "oidc", "quarkus.oidc.auth-server-url", "http://127.0.0.1:1/nobody");
        try (ServiceProcess service = new ServiceProcess("alone", directory, NO_BROKER, properties)) {
            service.start();

            await("is alive").atMost(BOUND).until(() -> service.live() == ServiceProcess.Health.UP);
            assertThat(service.feed("any").path("status").asInt()).isEqualTo(503);
            assertThat(service.feed("any").path("type").asText()).endsWith("identity-provider-unavailable");
        }
    }

    private void refused(Map<String, String> properties, String... sentence) {
        try (ServiceProcess service = new ServiceProcess("refused", directory, NO_BROKER, properties)) {
            service.start();

            assertThat(service.awaitEnd(BOUND)).isEqualTo(2);
            assertThat(service.said()).contains(sentence).doesNotContain("Listening on");
        }
    }
}
