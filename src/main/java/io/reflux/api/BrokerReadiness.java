package io.reflux.api;

import io.reflux.kafka.ImpatientAdmin;
import io.reflux.kafka.KafkaConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the broker answers, once the topics have been found or made. */
@Readiness
@Singleton
class BrokerReadiness implements HealthCheck {
    private final KafkaConnection kafka;
    private final ImpatientAdmin admin;

    @Inject
    BrokerReadiness(KafkaConnection kafka, ImpatientAdmin admin) {
        this.kafka = kafka;
        this.admin = admin;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("broker").withData("bootstrap-servers", kafka.bootstrapServers());
        if (!kafka.isOpen()) {
            return response.withData("problem", kafka.obstacle()).down().build();
        }
        try {
            int nodes = admin.ask(broker -> broker.describeCluster().nodes()).size();
            return response.withData("nodes", nodes).up().build();
        } catch (ExecutionException | TimeoutException e) {
            return response.withData("problem", "does not answer").down().build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return response.withData("problem", "interrupted").down().build();
        }
    }
}
