package io.reflux.distill;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The accumulated trajectory error of a set, over several experts of each kind.
 *
 * @param flat along experts trained towards flat minima
 * @param plain along experts trained by plain SGD, from the same initialisations on the same batches
 */
public record TrajectoryErrorReport(List<Segment> flat, List<Segment> plain) {
    public TrajectoryErrorReport {
        flat = List.copyOf(flat);
        plain = List.copyOf(plain);
    }

    /**
     * One segment; errors are norms in units of the distance the expert goes in it.
     *
     * @param from snapshot at its start
     * @param to snapshot at its end
     * @param matching of a student that starts at the expert's snapshot
     * @param accumulated of a student that was never put back on the expert's way
     * @param carried from the end of the one to the end of the other
     * @param initialisation what this segment added to the second one's distance, as a vector
     */
    public record Segment(
            int from, int to, Spread matching, Spread accumulated, Spread carried, Spread initialisation) {}

    /** Segments over experts, from those of each expert. */
    static List<Segment> over(List<List<TrajectoryError.Segment>> experts, int matchedEpochs) {
        List<Segment> segments = new ArrayList<>();
        for (int t = 0; t < experts.get(0).size(); t++) {
            int at = t;
            List<TrajectoryError.Segment> same =
                    experts.stream().map(expert -> expert.get(at)).toList();
            segments.add(new Segment(
                    t * matchedEpochs,
                    (t + 1) * matchedEpochs,
                    spread(same, TrajectoryError.Segment::matching),
                    spread(same, TrajectoryError.Segment::accumulated),
                    spread(same, TrajectoryError.Segment::carried),
                    spread(same, TrajectoryError.Segment::initialisation)));
        }
        return segments;
    }

    private static Spread spread(
            List<TrajectoryError.Segment> segments, ToDoubleFunction<TrajectoryError.Segment> error) {
        return Spread.of(segments.stream().mapToDouble(error).toArray());
    }
}
