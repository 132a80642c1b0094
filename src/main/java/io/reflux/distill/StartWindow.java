package io.reflux.distill;

/**
 * Where a student's start lies on an expert's trajectory, drawn uniformly from the snapshots {@code minStartEpoch} …
 * U − 1.
 *
 * <p>U is {@code maxStartEpoch} throughout (MTT, FTD), or grows towards it with the iteration, so that easy, early
 * epochs are matched first (difficulty alignment; Guo et al., ICLR 2024):
 *
 * <pre>
 *   U(it) = min(max, first + ⌊(max − first) · it / expansion⌋)
 * </pre>
 *
 * @param minStartEpoch the earliest start
 * @param maxStartEpoch where U ends, exclusive
 * @param firstMaxStartEpoch where U begins; 0 keeps it at {@code maxStartEpoch}
 * @param expansionIterations iterations that U takes from its beginning to its end; 0 for a window that does not grow
 */
public record StartWindow(int minStartEpoch, int maxStartEpoch, int firstMaxStartEpoch, int expansionIterations) {
    public StartWindow {
        Settings.require(maxStartEpoch >= 1, "matching.max-start-epoch", maxStartEpoch, "at least 1");
        Settings.require(
                minStartEpoch >= 0 && minStartEpoch < maxStartEpoch,
                "matching.min-start-epoch",
                minStartEpoch,
                "0 or more and below matching.max-start-epoch, " + maxStartEpoch);
        Settings.require(
                firstMaxStartEpoch == 0 || firstMaxStartEpoch > minStartEpoch && firstMaxStartEpoch <= maxStartEpoch,
                "matching.first-max-start-epoch",
                firstMaxStartEpoch,
                "0 (a window that does not grow), or above matching.min-start-epoch, " + minStartEpoch
                        + ", and at most matching.max-start-epoch, " + maxStartEpoch);
        Settings.require(
                expansionIterations >= (firstMaxStartEpoch == 0 ? 0 : 1),
                "matching.expansion-iterations",
                expansionIterations,
                "at least " + (firstMaxStartEpoch == 0 ? "0" : "1 when matching.first-max-start-epoch is set"));
    }

    /** The window 0 … {@code maxStartEpoch} − 1 at every iteration. */
    public static StartWindow fixed(int maxStartEpoch) {
        return new StartWindow(0, maxStartEpoch, 0, 0);
    }

    /** U(it), one past the last start of an iteration. */
    public int end(int iteration) {
        if (firstMaxStartEpoch == 0) {
            return maxStartEpoch;
        }
        long grown = (long) (maxStartEpoch - firstMaxStartEpoch) * iteration / expansionIterations;
        return (int) Math.min(maxStartEpoch, firstMaxStartEpoch + grown);
    }
}
