package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.rounds.RoundEvents;
import io.reflux.wire.RoundEvent;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts how the rounds of a feed end. */
final class RoundEnds implements AutoCloseable {
    private final RoundEvents events;
    private final Map<RoundEvent.Type, Integer> ends = new EnumMap<>(RoundEvent.Type.class);

    RoundEnds(IngestCluster cluster, String feed) {
        this.events = RoundEvents.all(cluster.client(), cluster.topics(), feed);
    }

    /** @throws CommandException when a round failed, saying why */
    void look() {
        for (RoundEvent event : events.poll()) {
            if (event.type().ends()) {
                ends.merge(event.type(), 1, Integer::sum);
            }
            if (event.type() == RoundEvent.Type.FAILED) {
                throw CommandException.failure("a round failed: "
                        + Objects.requireNonNullElse(event.detail().reason(), "no reason was given"));
            }
        }
    }

    /** Rounds that came to their end, published or not. */
    int count() {
        return ends.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Of those, the ones that were published. */
    int published() {
        return ends.getOrDefault(RoundEvent.Type.FINISHED, 0);
    }

    @Override
    public void close() {
        events.close();
    }
}
