package io.reflux.api;

import io.reflux.rounds.Distillery;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while the threads of the distillery run, whatever the broker does. */
@Liveness
@Singleton
class DistilleryLiveness implements HealthCheck {
    private final Distillery distillery;

    @Inject
    DistilleryLiveness(Distillery distillery) {
        this.distillery = distillery;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("distillery threads")
                .status(distillery.isAlive())
                .build();
    }
}
