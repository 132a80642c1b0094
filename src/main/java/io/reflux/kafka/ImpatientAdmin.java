package io.reflux.kafka;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;

/** Asks the broker what health checks and metrics want to know, and waits some seconds for the answer, not longer. */
@Singleton
public class ImpatientAdmin {
    private static final int PATIENCE_MILLIS = 3_000;
    private final KafkaConnection kafka;
    private @Nullable Admin admin;

    @Inject
    ImpatientAdmin(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /**
     * Asks once the connection is open.
     *
     * @throws ExecutionException when the broker refuses
     * @throws TimeoutException when it does not answer in time
     */
    public <T> T ask(Function<Admin, KafkaFuture<T>> question)
            throws ExecutionException, InterruptedException, TimeoutException {
        return question.apply(admin()).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
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
