package io.reflux.sample;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells which images cannot be in a feed's sample, by priorities alone: {@link Reservoir}'s rule applied to the part of
 * the stream seen here. That part's thresholds are never below the whole's, so nothing is refused that would be kept; a
 * lost or cold filter only lets more pass. Equal priorities count once: a replayed image must not look like two.
 *
 * <p>Memory is at most L·(k + k′) + 1 numbers. Not safe for use by several threads at once.
 */
public final class Filter {
    private final SampleLimits limits;
    private final Map<String, Kept> classes = new HashMap<>();
    private double classThreshold = Double.POSITIVE_INFINITY;

    /** A cold filter. */
    public Filter(SampleLimits limits) {
        this.limits = limits;
    }

    /** Whether an image may be kept, before anybody knows if its content holds it out. */
    public boolean mayBeKept(String label, double priority) {
        Kept kept = classes.get(label);
        return priority <= threshold(kept, false) || priority <= threshold(kept, true);
    }

    /** Whether an image may be kept. */
    public boolean mayBeKept(String label, boolean heldOut, double priority) {
        return priority <= threshold(label, heldOut);
    }

    /** Whether an image cannot be kept because its class is one too many, not because its class is full. */
    public boolean isBeyondClasses(String label, double priority) {
        Kept kept = classes.get(label);
        return priority > classThreshold && (kept == null || kept.best() >= classThreshold);
    }

    /** Remembers an image that has been handed on; call it only once the sample's owner is sure to see it. */
    public void add(String label, boolean heldOut, double priority) {
        if (mayBeKept(label, heldOut, priority) && limits.of(heldOut) > 0) {
            classes.computeIfAbsent(label, unseen -> new Kept()).add(heldOut, priority, limits);
            limitClasses();
        }
    }

    /** The largest priority that may still be kept. */
    public double threshold(String label, boolean heldOut) {
        return threshold(classes.get(label), heldOut);
    }

    private double threshold(@Nullable Kept kept, boolean heldOut) {
        if (limits.of(heldOut) == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return kept == null ? classThreshold : Math.min(kept.threshold(heldOut), classThreshold);
    }

    private void limitClasses() {
        if (classes.size() <= limits.classes()) {
            return;
        }
        classThreshold = classes.values().stream()
                .map(Kept::best)
                .sorted(Comparator.naturalOrder())
                .skip(limits.classes())
                .findFirst()
                .orElseThrow();
        classes.values().forEach(kept -> kept.dropAbove(classThreshold));
        classes.values().removeIf(Kept::isEmpty);
    }

    /** The smallest priorities of one class. */
    private static final class Kept {
        private final Stratum others = new Stratum();
        private final Stratum heldOutOnes = new Stratum();

        private Stratum of(boolean heldOut) {
            return heldOut ? heldOutOnes : others;
        }

        private void add(boolean heldOut, double priority, SampleLimits limits) {
            of(heldOut).add(priority, limits.of(heldOut));
        }

        private double threshold(boolean heldOut) {
            return of(heldOut).threshold;
        }

        private double best() {
            return Math.min(others.best(), heldOutOnes.best());
        }

        private void dropAbove(double bound) {
            others.dropAbove(bound);
            heldOutOnes.dropAbove(bound);
        }

        private boolean isEmpty() {
            return others.priorities.isEmpty() && heldOutOnes.priorities.isEmpty();
        }
    }

    /** The smallest priorities of a class's images on one side of the split. */
    private static final class Stratum {
        private final TreeSet<Double> priorities = new TreeSet<>();

        // asked for every image of the stream, so not searched for each time
        private double threshold = Double.POSITIVE_INFINITY;

        private void add(double priority, int limit) {
            priorities.add(priority);
            if (priorities.size() > limit) {
                priorities.pollLast();
            }
            threshold = priorities.size() < limit ? Double.POSITIVE_INFINITY : priorities.last();
        }

        private double best() {
            return priorities.isEmpty() ? Double.POSITIVE_INFINITY : priorities.first();
        }

        private void dropAbove(double bound) {
            if (!priorities.tailSet(bound, false).isEmpty()) {
                priorities.tailSet(bound, false).clear();
                threshold = Double.POSITIVE_INFINITY;
            }
        }
    }
}
