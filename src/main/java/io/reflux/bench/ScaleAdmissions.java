package io.reflux.bench;

import io.reflux.sample.Filter;
import io.reflux.sample.Priority;
import io.reflux.sample.SampleLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one feed's filter lets pass in the course of time: real filters and real priorities under a clock of its own.
 *
 * <p>Images come evenly. With a class's threshold T an image of time t passes with the probability
 * p = 1 − exp(−e^(T + ln 2·t/H)), so the number of images up to the next that passes is geometric, and the hash of that
 * one is uniform below p·2⁶⁴: those between are counted and not drawn, which changes no distribution. With a half-life p
 * grows with t; then the gap is drawn with p at the end of a short step, and what comes is thinned out (Lewis and
 * Shedler, 1979).
 *
 * @param limits of the sample
 * @param classes of equal frequency
 * @param rate images per second of the feed
 * @param holdOut fraction held out
 * @param halfLife of an image's weight, or null
 */
record ScaleAdmissions(
        SampleLimits limits,
        int classes,
        double rate,
        double holdOut,
        @Nullable Duration halfLife) {
    private static final double TWO_TO_64 = 0x1p64;

    /** Steps of a half-life within which p is nearly constant. */
    private static final int STEPS = 100;

    /**
     * Simulates a feed.
     *
     * @param ends seconds at which the bins end, ascending
     * @return images admitted in each bin
     */
    long[] run(double[] ends, SplittableRandom random) {
        Filter filter = new Filter(limits);
        long[] bins = new long[ends.length];
        for (int c = 0; c < classes; c++) {
            String label = "class-" + c;
            stratum(filter, label, false, (1 - holdOut) * rate / classes, ends, bins, random);
            if (holdOut > 0) {
                stratum(filter, label, true, holdOut * rate / classes, ends, bins, random);
            }
        }
        return bins;
    }

    private void stratum(
            Filter filter,
            String label,
            boolean heldOut,
            double ownRate,
            double[] ends,
            long[] bins,
            SplittableRandom random) {
        double end = ends[ends.length - 1];
        double step = halfLife == null ? end : halfLife.toMillis() / 1e3 / STEPS;
        // The ith image comes in the middle of its own span of time, i − ½ over the rate.
        double time = -0.5 / ownRate;
        while (time < end) {
            double stepEnd = Math.min(end, time + step);
            double most = chance(filter.threshold(label, heldOut), stepEnd);
            double next = time + gap(most, random) / ownRate;
            if (next > stepEnd) {
                // Images have no memory, so the gap may begin anew at the step's end.
                time = stepEnd;
                continue;
            }
            time = next;
            long hash = below(most, random);
            double priority = Priority.of(hash, Math.round(time * 1e3), halfLife);
            if (filter.mayBeKept(label, heldOut, priority)) {
                filter.add(label, heldOut, priority);
                bins[bin(ends, time)]++;
            }
        }
    }

    private double chance(double threshold, double time) {
        double faded = halfLife == null ? 0 : Math.log(2) * time * 1e3 / halfLife.toMillis();
        return -Math.expm1(-Math.exp(threshold + faded));
    }

    /** Images up to and with the next of those that come with this chance. */
    private static double gap(double chance, SplittableRandom random) {
        return chance >= 1 ? 1 : Math.max(1, Math.ceil(Math.log1p(-random.nextDouble()) / Math.log1p(-chance)));
    }

    /** A hash whose priority is that of an image which passes with this chance. */
    private static long below(double chance, SplittableRandom random) {
        double value = random.nextDouble() * Math.min(1, chance) * TWO_TO_64;
        return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) + Long.MIN_VALUE;
    }

    private static int bin(double[] ends, double time) {
        int found = Arrays.binarySearch(ends, time);
        return found < 0 ? -found - 1 : found;
    }

    /**
     * The expected number of admissions of a stratum that keeps k of n images, without a half-life: the ith is among the k
     * smallest of the first i with the probability min(1, k/i), so k + k·(H(n) − H(k)), about k·(1 + ln(n/k)).
     */
    static double expected(double images, int kept) {
        return images <= kept ? images : kept * (1 + Math.log((images + 0.5) / (kept + 0.5)));
    }
}
