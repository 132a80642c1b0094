package io.reflux.distill;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the iterations of a {@link Distiller} to their end: keeps the last good state, goes back to it with half the
 * step when an iteration diverges, gives up after a few tries, and saves a checkpoint now and then.
 */
final class MatchingLoop {
    private static final System.Logger LOG = System.getLogger(MatchingLoop.class.getName());
    /** Good states are taken at fixed iterations, so that when a run is interrupted does not change its result. */
    private static final int BETWEEN_GOOD_STATES = 10;

    private final Distiller distiller;
    private final TrajectoryBuffer trajectories;
    private final DistillationSettings settings;
    private final Path file;
    private final Duration betweenCheckpoints;
    private final RunMonitor monitor;
    private final Consumer<MatchingState> stopped;

    /**
     * @param stopped told where a cancelled run stands
     */
    MatchingLoop(
            Distiller distiller,
            TrajectoryBuffer trajectories,
            DistillationSettings settings,
            Path file,
            Duration betweenCheckpoints,
            RunMonitor monitor,
            Consumer<MatchingState> stopped) {
        this.distiller = distiller;
        this.trajectories = trajectories;
        this.settings = settings;
        this.file = file;
        this.betweenCheckpoints = betweenCheckpoints;
        this.monitor = monitor;
        this.stopped = stopped;
    }

    MatchingState run(Checkpoint begun, List<Integer> ordinals) throws IOException {
        int iterations = settings.matching().iterations();
        Checkpoint at = begun;
        long lastSave = System.nanoTime();
        report(at.current(), Double.NaN);
        while (at.current().iteration() < iterations) {
            if (monitor.cancelled()) {
                boolean saved = save(at);
                stopped.accept(at.current());
                throw new DistillationCancelledException(
                        "stopped before matching iteration " + at.current().iteration() + "; the next run "
                                + (saved ? "goes on there" : "begins anew, for this one could not be saved"));
            }
            at = iterate(at, ordinals);
            if (System.nanoTime() - lastSave > betweenCheckpoints.toNanos()) {
                save(at);
                lastSave = System.nanoTime();
            }
        }
        save(at);
        return at.current();
    }

    private boolean save(Checkpoint at) {
        monitor.saving();
        return at.keep(file);
    }

    private Checkpoint iterate(Checkpoint at, List<Integer> ordinals) throws IOException {
        MatchingState state = at.current();
        Distiller.Segment segment = distiller.segment(state.iteration(), ordinals.size());
        int expert = ordinals.get(segment.slot());
        Distiller.Outcome outcome = distiller.iterate(
                state,
                snapshot(expert, segment.epoch()),
                snapshot(expert, segment.epoch() + settings.matching().matchedEpochs()));
        if (outcome.diverged()) {
            return restored(at, outcome);
        }
        report(outcome.state(), outcome.loss());
        boolean good = outcome.state().iteration() % BETWEEN_GOOD_STATES == 0
                && outcome.state().skipped() == 0;
        return new Checkpoint(outcome.state(), good ? outcome.state() : at.good(), at.sample());
    }

    private Checkpoint restored(Checkpoint at, Distiller.Outcome outcome) {
        MatchingSettings matching = settings.matching();
        MatchingState restored = at.good().restored(at.current());
        if (restored.restores() > matching.guards().restores()) {
            throw new DistillationFailedException("matching diverged " + restored.restores()
                    + " times, last at iteration " + at.current().iteration() + " with loss " + outcome.loss()
                    + "; lower reflux.distillation.matching.image-learning-rate (" + matching.imageLearningRate()
                    + ") " + labelAdvice(matching) + "or .initial-rate (" + matching.initialRate() + ")");
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "matching diverged at iteration {0} (loss {1}); going back to iteration {2} with {3} of the step",
                at.current().iteration(),
                outcome.loss(),
                restored.iteration(),
                restored.stepScale());
        return new Checkpoint(restored, at.good(), at.sample());
    }

    private static String labelAdvice(MatchingSettings matching) {
        return matching.labels().learned()
                ? "reflux.distillation.matching.label-learning-rate ("
                        + matching.labels().labelLearningRate() + ") "
                : "";
    }

    /** Only the two ends are read: a trajectory of the published length is tens of megabytes. */
    private float[] snapshot(int ordinal, int epoch) throws IOException {
        return trajectories
                .snapshot(ordinal, epoch)
                .orElseThrow(() -> new DistillationFailedException("trajectory " + ordinal
                        + " disappeared while it was being matched; run again to train it anew"));
    }

    private void report(MatchingState state, double loss) {
        monitor.report(new Progress(
                Stage.MATCHING, state.iteration(), settings.matching().iterations(), loss));
    }
}
