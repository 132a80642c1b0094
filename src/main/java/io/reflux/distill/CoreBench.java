package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.HostReads;
import io.reflux.nn.TensorSession;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Work of known size for a stopwatch, done by the very classes that distil: one iteration of matching (sweep and
 * adjoint), one plain SGD step, one step of a flat expert. Nothing is augmented.
 *
 * <p>The start θ_0 is a fresh initialisation, the target θ* = θ_0 + noise of standard deviation 0.001; images are uniform
 * of mean 0 and variance 1, labels go round the classes, β is 0.01. Time and memory do not depend on these values.
 */
public final class CoreBench implements AutoCloseable {
    /** Images of a batch of real ones, as the experts of the papers take them. */
    public static final int EXPERT_BATCH = 256;

    private static final double RATE = 0.01;
    private static final double FLATNESS = 0.01;
    private static final double GAP_WEIGHT = 0.3;
    private static final double NOISE = 0.001;

    private final CoreProblem problem;
    private final TensorSession session;
    private final ConvNet network;
    private final float[] start;

    /**
     * Opens a session on the calling thread.
     *
     * @throws IllegalArgumentException when no ConvNet fits the images
     * @throws IllegalStateException when another session is open
     */
    public CoreBench(CoreProblem problem, Compute compute) {
        this.problem = problem;
        this.network = new ConvNet(problem.shape(), problem.classes(), problem.width(), 0);
        this.start = network.layout().initialise(Draws.of(problem.seed(), "bench-start", 0, 0));
        this.session = TensorSession.open(compute);
    }

    /** Each run is one iteration of matching. */
    public Runnable iteration() {
        int[] all = new int[problem.batch()];
        Arrays.setAll(all, i -> i);
        List<InnerStep> steps = Collections.nCopies(problem.steps(), new InnerStep(all, Optional.empty()));
        float[] images = images(problem.batch());
        float[] target = target();
        Labels labels = Labels.fixed(labels(problem.batch()));
        Matching matching = new Matching(session, network);
        return () -> iterate(matching, images, target, labels, steps);
    }

    private void iterate(Matching matching, float[] pixels, float[] target, Labels labels, List<InnerStep> steps) {
        try (NDManager work = session.manager().newSubManager()) {
            NDArray theta = TensorSession.place(work, start);
            NDArray end = TensorSession.place(work, target);
            NDArray images = TensorSession.place(work, pixels, shape(problem.batch()));
            try (Matching.Sweep sweep = matching.sweep(theta, end, images, labels, RATE, steps)) {
                Matching.HyperGradient gradient = matching.adjoint(sweep, images, labels, RATE);
                requireFinite(gradient.loss(), gradient.rate());
            }
        }
    }

    /** Each run is one step of plain SGD on the synthetic images. */
    public Runnable plainStep() {
        return step(problem.batch(), 0);
    }

    /** Each run is one step, of two passes, of a flat expert on {@link #EXPERT_BATCH} images. */
    public Runnable expertStep() {
        return step(EXPERT_BATCH, FLATNESS);
    }

    private Runnable step(int batch, double flatness) {
        LossGradient gradient = new LossGradient(session, network, session.workers());
        ExpertStep step = new ExpertStep(gradient, RATE, flatness, GAP_WEIGHT, true);
        NDArray theta = TensorSession.place(session.manager(), start);
        NDArray images = TensorSession.place(session.manager(), images(batch), shape(batch));
        NDArray labels = labels(batch);
        return () -> {
            try (NDManager work = session.manager().newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                requireFinite(
                        HostReads.scalar(step.apply(work, theta, images, labels).loss()));
            }
        };
    }

    private float[] images(int count) {
        Draws draws = Draws.of(problem.seed(), "bench-images", 0, 0);
        float[] values = new float[Math.toIntExact(shape(count).size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = uniform(draws, 1);
        }
        return values;
    }

    private Shape shape(int count) {
        return TrainingImages.shape(count, problem.shape());
    }

    private NDArray labels(int count) {
        int[] labels = new int[count];
        Arrays.setAll(labels, i -> i % problem.classes());
        return TensorSession.oneHot(session.manager(), labels, problem.classes());
    }

    private float[] target() {
        Draws draws = Draws.of(problem.seed(), "bench-target", 0, 0);
        float[] target = start.clone();
        for (int i = 0; i < target.length; i++) {
            target[i] += uniform(draws, NOISE);
        }
        return target;
    }

    /** Uniform of mean 0. */
    private static float uniform(Draws draws, double deviation) {
        double bound = deviation * Math.sqrt(3);
        return draws.uniform(-bound, bound);
    }

    /** What is not finite may take more or less time than what one wants to know. */
    private static void requireFinite(double... values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalStateException("the work that was measured came to " + value);
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
