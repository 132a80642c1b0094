package io.reflux.feeds;

import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
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
    private @Nullable RoundOrigin last;
    private @Nullable RoundEvent stageBegan;
    private @Nullable RoundEvent stageNow;

    /**
     * The matching loss after so many iterations.
     *
     * @param iteration done
     */
    public record LossPoint(long iteration, double loss) {}

    synchronized void take(RoundEvent event) {
        if (event.type().asksOfGeneration() || event.type().answers()) {
            return;
        }
        RoundRecord known = rounds.getOrDefault(event.round(), RoundRecord.of(event.round()));
        if (known.over()) {
            return;
        }
        rounds.put(event.round(), shared(known.after(event), event));
        if (rounds.size() > REMEMBERED) {
            rounds.remove(rounds.keySet().iterator().next());
        }
        pace(event);
        if (event.type() == RoundEvent.Type.PROGRESS) {
            point(event.round(), event.detail());
        }
    }

    /** Most rounds are of the same configuration as those before; it is held once. */
    private RoundRecord shared(RoundRecord round, RoundEvent event) {
        RoundOrigin origin = event.detail().origin();
        if (origin == null) {
            return round;
        }
        last = origin.sharing(last);
        return round.with(last);
    }

    /** Seconds until the stage of the running round ends, by its pace so far; empty while that is unknown. */
    public synchronized OptionalDouble secondsLeft() {
        RoundEvent first = stageBegan;
        RoundEvent last = stageNow;
        if (first == null || last == null) {
            return OptionalDouble.empty();
        }
        double seconds = Duration.between(first.time(), last.time()).toMillis() / 1e3;
        double done = number(last.detail().done()) - number(first.detail().done());
        double left = number(last.detail().total()) - number(last.detail().done());
        return done <= 0 || seconds <= 0 ? OptionalDouble.empty() : OptionalDouble.of(left * seconds / done);
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    synchronized void clear() {
        rounds.clear();
        curve.clear();
        curveOf = null;
        last = null;
        stageBegan = null;
        stageNow = null;
    }

    private void pace(RoundEvent event) {
        if (event.type() != RoundEvent.Type.PROGRESS) {
            stageBegan = null;
            stageNow = null;
            return;
        }
        RoundEvent first = stageBegan;
        if (first == null
                || !first.round().equals(event.round())
                || !Objects.equals(first.detail().stage(), event.detail().stage())) {
            stageBegan = event;
        }
        stageNow = event;
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
