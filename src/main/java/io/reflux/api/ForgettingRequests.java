package io.reflux.api;

import io.quarkus.runtime.ShutdownEvent;
import io.reflux.kafka.KafkaConnection;
import io.reflux.reservoir.Forgetting;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Connects to tell owners and collectors what to forget, when the first caller asks. */
@Singleton
class ForgettingRequests {
    private final KafkaConnection kafka;
    private @Nullable Forgetting forgetting;

    @Inject
    ForgettingRequests(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    synchronized Forgetting forgetting() {
        Forgetting open = forgetting;
        if (open == null) {
            open = new Forgetting(kafka.clientProperties(), kafka.names());
            forgetting = open;
        }
        return open;
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (forgetting != null) {
            forgetting.close();
        }
    }
}
