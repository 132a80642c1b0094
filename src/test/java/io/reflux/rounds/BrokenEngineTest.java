package io.reflux.rounds;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.reflux.kafka.TestDirectories;
import io.restassured.response.Response;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A service whose engine is loading, or cannot be used, says that it is not ready and why, and lives on. */
@QuarkusTest
@TestProfile(BrokenEngineTest.Broken.class)
final class BrokenEngineTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String ENGINE = "checks.find { it.name == 'distillery' }.data.engine";

    /** Takes as long as the test wants, and lacks a library then. */
    @Alternative
    @Singleton
    public static class WithoutLibrary extends FakeEngine {
        final CountDownLatch tried = new CountDownLatch(1);

        @Override
        public void load() {
            try {
                tried.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnsatisfiedLinkError("no torch in the test's path");
        }
    }

    public static final class Broken implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "reflux.data.directory",
                    TestDirectories.fresh("broken-engine").toString(),
                    "reflux.broker.port",
                    "0");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(WithoutLibrary.class);
        }
    }

    @Inject
    WithoutLibrary engine;

    @Test
    void isNotReadyWhileItsEngineIsNotLoadedAndTellsWhy() {
        await("all else is ready").atMost(BOUND).untilAsserted(() -> assertThat(
                        ready().jsonPath().getList("checks.findAll { it.status == 'DOWN' }.name"))
                .containsExactly("distillery"));
        assertThat(ready().statusCode()).isEqualTo(503);
        assertThat(ready().jsonPath().getString(ENGINE)).isEqualTo("is being loaded");
        given().get("/q/health/started").then().statusCode(503);

        engine.tried.countDown();

        await("it was tried").atMost(BOUND).until(() -> !"is being loaded"
                .equals(ready().jsonPath().getString(ENGINE)));
        assertThat(ready().statusCode()).isEqualTo(503);
        assertThat(ready().jsonPath().getString(ENGINE)).isEqualTo("cannot be used: no torch in the test's path");
        assertThat(given().get("/q/health/started")
                        .jsonPath()
                        .getBoolean("checks.find { it.name == 'service' }.data.distillery"))
                .isFalse();
        given().get("/q/health/live").then().statusCode(200);
    }

    private static Response ready() {
        return given().get("/q/health/ready");
    }
}
