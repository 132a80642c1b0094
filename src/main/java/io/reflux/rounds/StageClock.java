package io.reflux.rounds;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up how long a round is in each stage; for one thread. */
final class StageClock {
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private @Nullable String stage;
    private long since;

    /** @return whether it is another stage than the one before */
    boolean enter(String next) {
        if (next.equals(stage)) {
            return false;
        }
        stop();
        stage = next;
        since = System.nanoTime();
        return true;
    }

    void stop() {
        if (stage != null) {
            seconds.merge(stage, (System.nanoTime() - since) / 1e9, Double::sum);
            stage = null;
        }
    }

    /** Seconds of the stages that are over. */
    Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }
}
