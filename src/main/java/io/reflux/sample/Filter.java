package io.reflux.sample;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

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
    private final Map<String, double[]> told = new HashMap<>();
    private double classThreshold = Double.POSITIVE_INFINITY;

    /** A cold filter. */
    public Filter(SampleLimits limits) {
        this.limits = limits;
    }

    /** Whether an image may be kept, before anybody knows if its content holds it out. */
    public boolean mayBeKept(String label, double priority) {
        return mayBeKept(label, false, priority) || mayBeKept(label, true, priority);
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

    /**
     * Takes over a threshold the owner has told, as {@link Reservoir#threshold}; only for the same limits and settings.
     * Those of more classes than the limit are not remembered.
     */
    public void warm(String label, boolean heldOut, double threshold) {
        if (told.size() < limits.classes() || told.containsKey(label)) {
            double[] thresholds = told.computeIfAbsent(
                    label, unseen -> new double[] {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY});
            int stratum = heldOut ? 1 : 0;
            thresholds[stratum] = Math.min(thresholds[stratum], threshold);
        }
    }

    /** The largest priority that may still be kept. */
    public double threshold(String label, boolean heldOut) {
        if (limits.of(heldOut) == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        Kept kept = classes.get(label);
        double own = kept == null ? Double.POSITIVE_INFINITY : kept.threshold(heldOut, limits);
        double[] owners = told.get(label);
        return Math.min(Math.min(own, classThreshold), owners == null ? own : owners[heldOut ? 1 : 0]);
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
        private final TreeSet<Double> others = new TreeSet<>();
        private final TreeSet<Double> heldOutOnes = new TreeSet<>();

        private TreeSet<Double> of(boolean heldOut) {
            return heldOut ? heldOutOnes : others;
        }

        private void add(boolean heldOut, double priority, SampleLimits limits) {
            of(heldOut).add(priority);
            if (of(heldOut).size() > limits.of(heldOut)) {
                of(heldOut).pollLast();
            }
        }

        private double threshold(boolean heldOut, SampleLimits limits) {
            return of(heldOut).size() < limits.of(heldOut)
                    ? Double.POSITIVE_INFINITY
                    : of(heldOut).last();
        }

        private double best() {
            double other = others.isEmpty() ? Double.POSITIVE_INFINITY : others.first();
            return heldOutOnes.isEmpty() ? other : Math.min(other, heldOutOnes.first());
        }

        private void dropAbove(double bound) {
            others.tailSet(bound, false).clear();
            heldOutOnes.tailSet(bound, false).clear();
        }

        private boolean isEmpty() {
            return others.isEmpty() && heldOutOnes.isEmpty();
        }
    }
}
