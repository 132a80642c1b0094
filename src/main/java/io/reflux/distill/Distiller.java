package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.Draws;
import io.reflux.nn.TensorSession;
import java.util.List;

/**
 * One iteration of the outer loop of trajectory matching, a pure function of the state: choose an expert and a start
 * epoch, unroll the student, step the images and β along the exact hyper-gradient with momentum, average the images.
 *
 * <p>An iteration's random draws derive from the seed and its number alone, so a resumed run repeats them.
 */
final class Distiller {
    /** Iterations in a row above the loss gate that count as divergence. */
    private static final int MOST_SKIPPED = 25;

    private static final double SMALLEST_RATE = 1e-3;

    private final TensorSession session;
    private final Matching matching;
    private final Augmentation augmentation;
    private final DistillationSettings settings;
    private final Shape shape;

    Distiller(
            TensorSession session,
            Matching matching,
            Augmentation augmentation,
            DistillationSettings settings,
            Shape shape) {
        this.session = session;
        this.matching = matching;
        this.augmentation = augmentation;
        this.settings = settings;
        this.shape = shape;
    }

    /** How an iteration ended. */
    record Outcome(MatchingState state, double loss, boolean diverged) {}

    /** What an iteration matches: expert {@code slot} of the buffer, from snapshot {@code epoch}. */
    record Segment(int slot, int epoch) {}

    /** The experts take turns in an order shuffled anew each pass; the start epoch is uniform below the window's end. */
    Segment segment(int iteration, int experts) {
        int[] order = Draws.of(settings.seed(), "expert-order", iteration / experts, 0)
                .permutation(experts);
        int epoch = Draws.of(settings.seed(), "start-epoch", iteration, 0)
                .below(settings.matching().maxStartEpoch());
        return new Segment(order[iteration % experts], epoch);
    }

    Outcome iterate(MatchingState state, Trajectory expert, int epoch, Labels labels) {
        MatchingSettings matched = settings.matching();
        try (NDManager work = session.manager().newSubManager()) {
            NDArray start = TensorSession.place(work, expert.snapshots().get(epoch));
            NDArray target = TensorSession.place(work, expert.snapshots().get(epoch + matched.matchedEpochs()));
            NDArray images = TensorSession.place(work, state.images(), shape);
            try (Matching.Sweep sweep =
                    matching.sweep(start, target, images, labels, state.rate(), steps(state.iteration()))) {
                double loss = sweep.loss();
                if (!Double.isFinite(loss)) {
                    return new Outcome(state, loss, true);
                }
                if (loss > matched.guards().lossGate()) {
                    MatchingState held = held(state);
                    return new Outcome(held, loss, held.skipped() > MOST_SKIPPED);
                }
                MatchingState next = stepped(state, matching.adjoint(sweep, images, labels, state.rate()), loss);
                return new Outcome(next, loss, !next.finite());
            }
        }
    }

    private MatchingState held(MatchingState state) {
        return new MatchingState(
                state.iteration() + 1,
                state.images(),
                state.velocity(),
                state.average(),
                state.rate(),
                state.rateVelocity(),
                state.stepScale(),
                state.restores(),
                state.skipped() + 1,
                state.recentLoss());
    }

    private MatchingState stepped(MatchingState state, Matching.HyperGradient gradient, double loss) {
        MatchingSettings matched = settings.matching();
        float[] velocity = new float[state.images().length];
        float[] images = new float[velocity.length];
        float[] average = new float[velocity.length];
        float step = (float) (matched.imageLearningRate() * state.stepScale());
        float momentum = (float) matched.momentum();
        float decay = (float) matched.averageDecay();
        for (int i = 0; i < velocity.length; i++) {
            velocity[i] = momentum * state.velocity()[i] + gradient.images()[i];
            images[i] = state.images()[i] - step * velocity[i];
            average[i] = decay * state.average()[i] + (1 - decay) * images[i];
        }
        double rateVelocity = matched.momentum() * state.rateVelocity() + gradient.rate();
        double rate = state.rate() - matched.rateLearningRate() * state.stepScale() * rateVelocity;
        double recent = Double.isNaN(state.recentLoss()) ? loss : 0.95 * state.recentLoss() + 0.05 * loss;
        return new MatchingState(
                state.iteration() + 1,
                images,
                velocity,
                average,
                guarded(rate),
                rateVelocity,
                state.stepScale(),
                state.restores(),
                0,
                recent);
    }

    private double guarded(double rate) {
        MatchingSettings matched = settings.matching();
        // Not Math.max: a rate that is not a number must stay visible to the guard against it.
        double smallest = matched.initialRate() * SMALLEST_RATE;
        return matched.guards().positiveLearningRate() && rate < smallest ? smallest : rate;
    }

    private List<InnerStep> steps(int iteration) {
        return InnerStep.sequence(
                settings.matching().innerSteps(),
                Math.toIntExact(shape.get(0)),
                settings.matching().batch(),
                augmentation,
                Draws.of(settings.seed(), "inner-steps", iteration, 0));
    }
}
