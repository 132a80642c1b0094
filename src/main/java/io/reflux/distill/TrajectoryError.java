package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.reflux.nn.HostReads;
import io.reflux.nn.TensorSession;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The accumulated trajectory error of a synthetic set along one expert (Du et al., CVPR 2023, section 3).
 *
 * <p>The expert's trajectory is cut into segments between milestones θ*_0, θ*_1, … (its snapshots 0, M, 2M, …). Let S_t(θ)
 * be where a student arrives that starts at θ and takes the N plain SGD steps of segment t on the set. One student is put
 * back on the milestone at the start of every segment, as matching does; another starts at θ*_0 and is never put back, as
 * whoever trains on the set does: θ̂_0 = θ*_0, θ̂_{t+1} = S_t(θ̂_t). With ε_t = θ̂_t − θ*_t,
 *
 * <pre>
 *   matching         δ_{t+1} = S_t(θ*_t) − θ*_{t+1}                     what matching minimises
 *   carried          S_t(θ̂_t) − S_t(θ*_t)                              own weights against the expert's as the start
 *   initialisation   I_t = S_t(θ̂_t) − S_t(θ*_t) − ε_t                  what the segment adds to, or takes from, ε_t
 *   accumulated      ε_{t+1} = θ̂_{t+1} − θ*_{t+1} = ε_t + I_t + δ_{t+1}
 * </pre>
 *
 * Both students see the same batches and augmentations, so that nothing but the start tells them apart. All are norms,
 * in units of the segment's length ‖θ*_t − θ*_{t+1}‖; the matching error's square is the matching loss.
 */
final class TrajectoryError {
    private final TensorSession session;
    private final Matching matching;

    TrajectoryError(TensorSession session, Matching matching) {
        this.session = session;
        this.matching = matching;
    }

    /** The four norms of one segment, each over the segment's length. */
    record Segment(double matching, double accumulated, double carried, double initialisation) {}

    /** Told after every segment; may throw to stop. */
    interface SegmentListener {
        void segment(Segment segment);
    }

    /**
     * The errors of each segment.
     *
     * @param milestones θ*_0, θ*_1, …, [P] each
     * @param images X [n,C,H,W]
     * @param rate β
     * @param steps of each segment
     */
    List<Segment> along(
            List<NDArray> milestones,
            NDArray images,
            Labels labels,
            double rate,
            IntFunction<List<InnerStep>> steps,
            SegmentListener listener) {
        List<Segment> segments = new ArrayList<>();
        try (NDManager owner = session.manager().newSubManager()) {
            NDArray own = milestones.get(0);
            for (int t = 0; t + 1 < milestones.size(); t++) {
                NDArray start = milestones.get(t);
                NDArray target = milestones.get(t + 1);
                List<InnerStep> inner = steps.apply(t);
                NDArray restarted = end(owner, start, target, images, labels, rate, inner);
                NDArray next = t == 0 ? restarted : end(owner, own, target, images, labels, rate, inner);
                segments.add(segment(start, target, own, restarted, next));
                listener.segment(segments.get(t));
                if (t > 0) {
                    own.close();
                    restarted.close();
                }
                own = next;
            }
        }
        return segments;
    }

    private NDArray end(
            NDManager owner,
            NDArray start,
            NDArray target,
            NDArray images,
            Labels labels,
            double rate,
            List<InnerStep> steps) {
        try (Matching.Sweep sweep = matching.sweep(start, target, images, labels, rate, steps)) {
            NDArray end = sweep.end().duplicate();
            end.attach(owner);
            return end;
        }
    }

    private static Segment segment(NDArray start, NDArray target, NDArray own, NDArray restarted, NDArray next) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            double length = norm(start.sub(target));
            NDArray carried = next.sub(restarted);
            return new Segment(
                    norm(restarted.sub(target)) / length,
                    norm(next.sub(target)) / length,
                    norm(carried) / length,
                    norm(carried.sub(own.sub(start))) / length);
        }
    }

    private static double norm(NDArray vector) {
        return Math.sqrt(HostReads.scalar(vector.square().sum()));
    }
}
