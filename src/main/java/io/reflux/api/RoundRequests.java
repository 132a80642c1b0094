package io.reflux.api;

import io.quarkus.runtime.ShutdownEvent;
import io.reflux.kafka.KafkaConnection;
import io.reflux.rounds.Rounds;
import io.reflux.wire.RoundEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Writes what callers ask of rounds to their topic; connects when the first one asks. */
@Singleton
class RoundRequests {
    private final KafkaConnection kafka;
    private @Nullable Rounds rounds;

    @Inject
    RoundRequests(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    RoundEvent request(String feed) {
        return rounds().request(feed);
    }

    RoundEvent cancel(String feed, String round) {
        return rounds().cancel(feed, round);
    }

    /** @param type one that asks something of a generation */
    RoundEvent ask(RoundEvent.Type type, String feed, long generation) {
        return rounds().ask(type, feed, generation);
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (rounds != null) {
            rounds.close();
        }
    }

    private synchronized Rounds rounds() {
        Rounds open = rounds;
        if (open == null) {
            open = new Rounds(kafka.clientProperties(), kafka.names(), kafka.partitionsByFeed());
            rounds = open;
        }
        return open;
    }
}
