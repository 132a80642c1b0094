package io.reflux.rounds;

import java.time.Duration;

/** Lets something through at most once a second, unless it matters; for one thread. */
final class Pace {
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();
    private long last = System.nanoTime() - INTERVAL;

    boolean allows(boolean matters) {
        long now = System.nanoTime();
        if (!matters && now - last < INTERVAL) {
            return false;
        }
        last = now;
        return true;
    }
}
