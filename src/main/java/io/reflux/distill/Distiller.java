package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.Draws;
import io.reflux.nn.TensorSession;
import java.util.Arrays;
import java.util.List;

/**
 * One iteration of the outer loop of trajectory matching, a pure function of the state: choose an expert and a start
 * epoch, unroll the student, step the images, the label logits where they are learned, and β along the exact
 * hyper-gradient with momentum, average images and logits.
 *
 * <p>An iteration's random draws derive from the seed and its number alone, so a resumed run repeats them.
 */
final class Distiller {
    private static final double SMALLEST_RATE = 1e-3;

    private final TensorSession session;
    private final Matching matching;
    private final Augmentation augmentation;
    private final DistillationSettings settings;
    private final Shape shape;
    private final int classes;

    Distiller(
            TensorSession session,
            Matching matching,
            Augmentation augmentation,
            DistillationSettings settings,
            Shape shape,
            int classes) {
        this.session = session;
        this.matching = matching;
        this.augmentation = augmentation;
        this.settings = settings;
        this.shape = shape;
        this.classes = classes;
    }

    /** How an iteration ended. */
    record Outcome(MatchingState state, double loss, boolean diverged) {}

    /** What an iteration matches: expert {@code slot} of the buffer, from snapshot {@code epoch}. */
    record Segment(int slot, int epoch) {}

    /** The experts take turns in an order shuffled anew each pass; the start epoch is uniform in the window. */
    Segment segment(int iteration, int experts) {
        int[] order = Draws.of(settings.seed(), "expert-order", iteration / experts, 0)
                .permutation(experts);
        StartWindow window = settings.matching().window();
        int epoch = Draws.of(settings.seed(), "start-epoch", iteration, 0)
                .below(window.end(iteration) - window.minStartEpoch());
        return new Segment(order[iteration % experts], window.minStartEpoch() + epoch);
    }

    /**
     * @param from the expert's parameters that the student starts from, [P]
     * @param to those it shall reach
     */
    Outcome iterate(MatchingState state, float[] from, float[] to) {
        MatchingSettings matched = settings.matching();
        try (NDManager work = session.manager().newSubManager()) {
            NDArray start = TensorSession.place(work, from);
            NDArray target = TensorSession.place(work, to);
            NDArray images = TensorSession.place(work, state.images().values(), shape);
            Labels labels = labels(work, state);
            try (Matching.Sweep sweep =
                    matching.sweep(start, target, images, labels, state.rate(), steps(state.iteration()))) {
                Matching.HyperGradient gradient = matching.adjoint(sweep, images, labels, state.rate());
                double loss = gradient.loss();
                if (!Double.isFinite(loss)) {
                    return new Outcome(state, loss, true);
                }
                if (loss > matched.guards().lossGate()) {
                    MatchingState held = state.held();
                    return new Outcome(held, loss, matched.guards().isExhausted(held.skipped()));
                }
                MatchingState next = stepped(state, gradient, loss);
                return new Outcome(next, loss, !next.finite());
            }
        }
    }

    /** p [n,K] of an iteration; freed with its arrays. */
    private Labels labels(NDManager work, MatchingState state) {
        int images = Math.toIntExact(shape.get(0));
        if (settings.matching().labels().learned()) {
            return Labels.learned(TensorSession.place(work, state.labels().values(), new Shape(images, classes)));
        }
        int[] hard = new int[images];
        Arrays.setAll(hard, i -> i / settings.imagesPerClass());
        return Labels.fixed(TensorSession.oneHot(work, hard, classes));
    }

    private MatchingState stepped(MatchingState state, Matching.HyperGradient gradient, double loss) {
        MatchingSettings matched = settings.matching();
        double imageStep = matched.imageLearningRate() * state.stepScale();
        double labelStep = matched.labels().labelLearningRate() * state.stepScale();
        double rateVelocity = matched.momentum() * state.rateVelocity() + gradient.rate();
        double rate = state.rate() - matched.rateLearningRate() * state.stepScale() * rateVelocity;
        double recent = Double.isNaN(state.recentLoss()) ? loss : 0.95 * state.recentLoss() + 0.05 * loss;
        return new MatchingState(
                state.iteration() + 1,
                state.images().step(gradient.images(), imageStep, matched.momentum(), matched.averageDecay()),
                state.labels()
                        .step(gradient.labels(), labelStep, matched.labels().labelMomentum(), matched.averageDecay()),
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
