package io.reflux.api;

import io.reflux.config.RefluxConfig;
import io.reflux.config.Role;
import io.reflux.feeds.FeedView;
import io.reflux.intake.Collector;
import io.reflux.kafka.KafkaConnection;
import io.reflux.rounds.Distillery;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Startup;

/**
 * Started once the topics are there and each role of the process has begun its work: images are read, the engine is
 * loaded, samples are restored and can be published, the API has read the topics. From then on it stays so.
 */
@Startup
@Singleton
class ServiceStartup implements HealthCheck {
    private final RefluxConfig config;
    private final KafkaConnection kafka;
    private final Collector collector;
    private final Distillery distillery;
    private final FeedView view;
    private volatile boolean started;

    @Inject
    ServiceStartup(
            RefluxConfig config, KafkaConnection kafka, Collector collector, Distillery distillery, FeedView view) {
        this.config = config;
        this.kafka = kafka;
        this.collector = collector;
        this.distillery = distillery;
        this.view = view;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("service");
        if (!started) {
            Map<String, Boolean> parts = parts();
            parts.forEach(response::withData);
            started = !parts.containsValue(false);
        }
        return response.status(started).build();
    }

    private Map<String, Boolean> parts() {
        Map<String, Boolean> parts = new LinkedHashMap<>();
        parts.put("topics", kafka.isOpen());
        if (config.roles().contains(Role.COLLECTOR)) {
            parts.put("collector", collector.hasJoined());
        }
        if (config.roles().contains(Role.DISTILLERY)) {
            parts.put("distillery", distillery.hasStarted());
        }
        if (config.roles().contains(Role.API)) {
            parts.put("api", view.awaitCaughtUp(Duration.ZERO));
        }
        return parts;
    }
}
