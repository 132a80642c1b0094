package io.reflux.api;

import io.reflux.intake.Collector;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive while images are taken, however slowly, whatever the broker does. */
@Liveness
@Singleton
class CollectorLiveness implements HealthCheck {
    private final Collector collector;

    @Inject
    CollectorLiveness(Collector collector) {
        this.collector = collector;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("collector")
                .status(collector.isAlive())
                .build();
    }
}
