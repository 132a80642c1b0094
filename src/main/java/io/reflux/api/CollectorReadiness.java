package io.reflux.api;

import io.reflux.intake.Collector;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while kept images, counts and dead letters are acknowledged; images are not read on before. */
@Readiness
@Singleton
class CollectorReadiness implements HealthCheck {
    private final Collector collector;

    @Inject
    CollectorReadiness(Collector collector) {
        this.collector = collector;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> obstacle = collector.obstacle();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("collector").status(obstacle.isEmpty());
        obstacle.ifPresent(problem -> response.withData("problem", problem));
        return response.build();
    }
}
