package io.reflux.intake;

import io.reflux.config.FeedSettings;
import io.reflux.reservoir.Erasures;
import io.reflux.sample.Filter;
import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ResetRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the intake knows of one feed: what is configured, how far it is counted, what its sample cannot take any more,
 * and what is to be forgotten. For one thread.
 */
final class FeedIntake {
    private final FeedSettings settings;
    private final Map<Integer, Tally> tallies = new HashMap<>();
    private final Erasures erasures = new Erasures();
    private @Nullable Filter filter;
    private @Nullable ResetRecord reset;
    private boolean counted;

    FeedIntake(FeedSettings settings) {
        this.settings = settings;
    }

    String feed() {
        return settings.feed();
    }

    FeedSettings settings() {
        return settings;
    }

    /** Whether records count under its name. */
    boolean isCounted() {
        return counted;
    }

    void count() {
        counted = true;
    }

    /** The counts of a partition of the images topic. */
    Tally tally(int partition) {
        return tallies.computeIfAbsent(
                partition, unseen -> new Tally(new ReservoirKey.OfProgress(feed(), partition), reset));
    }

    /** Whether an image of it has been let to its sample's filter. */
    boolean isSampled() {
        return filter != null;
    }

    Filter filter() {
        Filter warm = filter;
        if (warm == null) {
            warm = new Filter(settings.limits());
            filter = warm;
        }
        return warm;
    }

    String incarnation() {
        return reset == null ? "" : reset.incarnation();
    }

    boolean isErased(Identity identity, @Nullable Device device, long time) {
        return erasures.cover(identity, device, time);
    }

    /** Whether anything is erased at all. */
    boolean hasErasures() {
        return !erasures.isEmpty();
    }

    void erase(ErasureRecord erasure) {
        if (erasures.add(erasure)) {
            cool();
        }
    }

    void lift(ReservoirKey.OfErasure erasure) {
        erasures.lift(erasure);
    }

    /** Begins anew, unless it did so with this very reset before. */
    void restart(ResetRecord anew) {
        if (!anew.incarnation().equals(incarnation())) {
            reset = anew;
            if (anew.deleted()) {
                filter = null;
            } else {
                cool();
            }
            tallies.values().forEach(tally -> tally.restart(anew));
        }
    }

    /** The filter counts places as taken that are free now; a cold one only lets more pass. The feed keeps its own. */
    private void cool() {
        if (filter != null) {
            filter = new Filter(settings.limits());
        }
    }
}
