package io.reflux.api;

import io.reflux.rounds.Distillery;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.TreeSet;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the engine is loaded, the samples of all owned feeds are restored and their generations can be published. */
@Readiness
@Singleton
class DistilleryReadiness implements HealthCheck {
    private final Distillery distillery;

    @Inject
    DistilleryReadiness(Distillery distillery) {
        this.distillery = distillery;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("distillery");
        String engine = distillery.engineObstacle();
        boolean clear = engine.isEmpty();
        if (!clear) {
            response.withData("engine", engine);
        }
        for (var obstacle : distillery.obstacles().entrySet()) {
            clear &= obstacle.getValue().isEmpty();
            response.withData(obstacle.getKey(), new TreeSet<>(obstacle.getValue()).toString());
        }
        return response.status(clear).build();
    }
}
