package io.reflux.api;

import io.quarkus.runtime.ShutdownEvent;
import io.reflux.stream.KafkaConnection;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/** Ready while the broker answers, once the topics have been found or made. */
@Readiness
@Singleton
class BrokerReadiness implements HealthCheck {
    private static final int PATIENCE_MILLIS = 3_000;
    private final KafkaConnection kafka;
    private @Nullable Admin admin;

    @Inject
    BrokerReadiness(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("broker").withData("bootstrap-servers", kafka.bootstrapServers());
        if (!kafka.isOpen()) {
            return response.withData("problem", kafka.obstacle()).down().build();
        }
        try {
            int nodes = admin().describeCluster()
                    .nodes()
                    .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                    .size();
            return response.withData("nodes", nodes).up().build();
        } catch (ExecutionException | TimeoutException e) {
            return response.withData("problem", "does not answer").down().build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return response.withData("problem", "interrupted").down().build();
        }
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private synchronized Admin admin() {
        Admin open = admin;
        if (open == null) {
            Map<String, Object> properties = kafka.clientProperties();
            properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
            open = Admin.create(properties);
            admin = open;
        }
        return open;
    }
}
