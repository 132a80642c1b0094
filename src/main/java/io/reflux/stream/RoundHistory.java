package io.reflux.stream;

import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The last rounds of one feed, and the loss of the one that is matching. Safe for use by several threads. */
public final class RoundHistory {
    private static final int REMEMBERED = 200;

    /** A curve that is longer loses every other point. */
    private static final int CURVE = 400;

    private final Map<String, RoundRecord> rounds = new LinkedHashMap<>();
    private final List<LossPoint> curve = new ArrayList<>();
    private long stride = 1;
    private @Nullable String curveOf;

    /**
     * The matching loss after so many iterations.
     *
     * @param iteration done
     */
    public record LossPoint(long iteration, double loss) {}

    synchronized void take(RoundEvent event) {
        RoundRecord known = rounds.getOrDefault(event.round(), RoundRecord.of(event.round()));
        if (known.over()) {
            return;
        }
        rounds.put(event.round(), known.after(event));
        if (rounds.size() > REMEMBERED) {
            rounds.remove(rounds.keySet().iterator().next());
        }
        if (event.type() == RoundEvent.Type.PROGRESS) {
            point(event.round(), event.detail());
        }
    }

    private void point(String round, RoundDetail detail) {
        if (!round.equals(curveOf)) {
            curve.clear();
            stride = 1;
            curveOf = round;
        }
        Long done = detail.done();
        Double loss = detail.loss();
        if (!RoundDetail.DISTILLING.equals(detail.stage()) || done == null || loss == null) {
            return;
        }
        // a round that goes back to its checkpoint tells the same iterations again
        curve.removeIf(point -> point.iteration() >= done);
        if (curve.isEmpty() || done - curve.get(curve.size() - 1).iteration() >= stride) {
            curve.add(new LossPoint(done, loss));
        }
        if (curve.size() > CURVE) {
            thin();
        }
    }

    private void thin() {
        List<LossPoint> kept = new ArrayList<>();
        for (int i = 0; i < curve.size(); i += 2) {
            kept.add(curve.get(i));
        }
        stride = kept.get(1).iteration() - kept.get(0).iteration();
        curve.clear();
        curve.addAll(kept);
    }

    /** The rounds remembered, newest first. */
    public synchronized List<RoundRecord> rounds() {
        List<RoundRecord> newest = new ArrayList<>(rounds.values());
        Collections.reverse(newest);
        return newest;
    }

    public synchronized Optional<RoundRecord> round(String id) {
        return Optional.ofNullable(rounds.get(id));
    }

    /** Loss by iteration of the round that matched last, ascending; at most a few hundred points. */
    public synchronized List<LossPoint> curve() {
        return List.copyOf(curve);
    }
}
