package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationDraw;
import io.reflux.nn.ConvNet;
import io.reflux.nn.HostReads;
import io.reflux.nn.Scalars;
import io.reflux.nn.TensorSession;
import io.reflux.nn.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The trajectory matching loss of a synthetic set and its exact gradient in the images, the student learning rate
 * and, where they are learned, the label logits.
 *
 * <p>The student takes N steps of plain SGD, θ_{i+1} = θ_i − β·g_i with g_i = ∇ℓ(θ_i; A_i(X[b_i])), and the loss is
 * 𝓛 = ‖θ_N − θ*‖² / ‖θ_0 − θ*‖² (Cazenavette et al., CVPR 2022). The references keep the graph of the whole unroll; here
 * the sweep keeps only θ_0 … θ_N, and the adjoint walks back through them:
 *
 * <pre>
 *   λ_N = 2(θ_N − θ*) / ‖θ_0 − θ*‖²
 *   for i = N−1 … 0:
 *       s   = ⟨g_i, λ_{i+1}⟩
 *       dX −= β · ∂s/∂X        dp −= β · ∂s/∂p        dβ −= s        λ_i = λ_{i+1} − β · ∂s/∂θ_i
 * </pre>
 *
 * <p>s is the derivative of ℓ at θ_i along λ_{i+1}, so one pass on dual numbers yields it, and one pass back through that
 * yields ∂s/∂θ (a Hessian-vector product), ∂s/∂X and ∂s/∂p together (Pearlmutter 1994). Nothing is approximated. A step
 * costs about 11 forward passes against 9 of the whole graph; memory is (N+1)·P floats and the activations of one
 * micro-batch of one step for each worker.
 */
public final class Matching {
    private final TensorSession session;
    private final ConvNet network;
    private final int microBatch;
    private final LossGradient gradient;

    /** Micro-batches as large as the session's memory for activations allows. */
    public Matching(TensorSession session, ConvNet network) {
        this(
                session,
                network,
                session.imagesAtOnce(network.pullbackBytes()),
                new LossGradient(session, network, session.workers()));
    }

    /**
     * @param microBatch most images whose activations a worker has in memory
     */
    Matching(TensorSession session, ConvNet network, int microBatch) {
        this(session, network, microBatch, new LossGradient(session, network, microBatch, session.workers()));
    }

    private Matching(TensorSession session, ConvNet network, int microBatch, LossGradient gradient) {
        this.session = session;
        this.network = network;
        this.microBatch = microBatch;
        this.gradient = gradient;
    }

    /**
     * A student's way over the synthetic set.
     *
     * @param parameters θ_0 … θ_N, [P] each
     * @param target θ*
     * @param distance ‖θ_0 − θ*‖², a scalar
     * @param loss 𝓛, a scalar that is read when somebody asks
     */
    public record Sweep(
            NDManager owner,
            List<NDArray> parameters,
            NDArray target,
            List<InnerStep> steps,
            NDArray distance,
            NDArray loss)
            implements AutoCloseable {
        public NDArray end() {
            return parameters.get(parameters.size() - 1);
        }

        @Override
        public void close() {
            owner.close();
        }
    }

    /**
     * @param loss 𝓛
     * @param images d𝓛/dX, f32 [n,C,H,W] flattened
     * @param labels d𝓛/dY of the label logits, f32 [n,K] flattened; empty when the labels are fixed
     * @param rate d𝓛/dβ
     */
    public record HyperGradient(double loss, float[] images, float[] labels, double rate) {}

    /**
     * Runs the student; only its parameters outlive a step.
     *
     * @param start θ_0 [P]
     * @param target θ* [P]
     * @param images X [n,C,H,W]
     * @param labels probabilities [n,K]
     * @param rate β
     */
    public Sweep sweep(
            NDArray start, NDArray target, NDArray images, Labels labels, double rate, List<InnerStep> steps) {
        NDManager owner = session.manager().newSubManager();
        List<NDArray> parameters = new ArrayList<>(steps.size() + 1);
        parameters.add(start);
        for (InnerStep step : steps) {
            parameters.add(advance(owner, parameters.get(parameters.size() - 1), images, labels, rate, step));
        }
        NDArray distance = squaredDistance(owner, start, target);
        NDArray loss = squaredDistance(owner, parameters.get(parameters.size() - 1), target)
                .div(distance);
        return new Sweep(owner, parameters, target, steps, distance, loss);
    }

    /** The sweep's loss and its exact gradient; arguments as they were for the sweep. */
    public HyperGradient adjoint(Sweep sweep, NDArray images, Labels labels, double rate) {
        try (NDManager owner = session.manager().newSubManager()) {
            List<SetLeaf> leaves =
                    SetLeaf.of(owner, images, labels, session.workers().count());
            NDArray adjoint = direction(owner, sweep);
            NDArray slope = owner.zeros(new Shape(), adjoint.getDataType());
            for (int i = sweep.steps().size() - 1; i >= 0; i--) {
                InnerStep step = sweep.steps().get(i);
                Back back = pullback(owner, sweep.parameters().get(i), adjoint, leaves, step);
                slope.subi(back.product());
                try (NDArray change = Scalars.times(back.curvature(), rate)) {
                    adjoint.subi(change);
                }
                back.close();
            }
            return read(sweep.loss(), slope, leaves, labels, rate);
        }
    }

    /** λ_N [P]. */
    private static NDArray direction(NDManager owner, Sweep sweep) {
        try (NDArray difference = sweep.end().sub(sweep.target());
                NDArray doubled = Scalars.times(difference, 2)) {
            NDArray direction = doubled.div(sweep.distance());
            direction.attach(owner);
            return direction;
        }
    }

    /** Loss and gradients come to the host in one piece. */
    private static HyperGradient read(NDArray loss, NDArray slope, List<SetLeaf> leaves, Labels labels, double rate) {
        NDArray images = Scalars.times(SetLeaf.imageGradient(leaves), -rate);
        NDList parts = new NDList(loss.reshape(1), slope.reshape(1), images.flatten());
        if (labels.learned()) {
            parts.add(Scalars.times(labels.pullback(SetLeaf.labelGradient(leaves)), -rate)
                    .flatten());
        }
        double[] values = HostReads.doubles(NDArrays.concat(parts));
        int end = Math.toIntExact(2 + images.size());
        return new HyperGradient(values[0], singles(values, 2, end), singles(values, end, values.length), values[1]);
    }

    private static float[] singles(double[] values, int from, int to) {
        float[] singles = new float[to - from];
        for (int i = from; i < to; i++) {
            singles[i - from] = (float) values[i];
        }
        return singles;
    }

    private NDArray advance(
            NDManager owner, NDArray theta, NDArray images, Labels labels, double rate, InnerStep step) {
        try (NDManager work = owner.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray index = work.create(step.batch());
            NDArray batch = augmented(images.get(index), step, 0, step.batch().length);
            LossGradient.Value value =
                    gradient.at(work, theta, batch, labels.probabilities().get(index));
            NDArray next = theta.sub(Scalars.times(value.gradient(), rate));
            NDScope.unregister(next);
            next.attach(owner);
            return next;
        }
    }

    /** s and ∂s/∂θ of one step; ∂s/∂X and ∂s/∂p add up in the leaves. */
    private record Back(NDArray curvature, NDArray product) {
        Back plus(Back other) {
            curvature.addi(other.curvature);
            product.addi(other.product);
            other.close();
            return this;
        }

        void close() {
            curvature.close();
            product.close();
        }
    }

    private Back pullback(NDManager owner, NDArray theta, NDArray adjoint, List<SetLeaf> leaves, InnerStep step) {
        Workers workers = session.workers();
        int batch = step.batch().length;
        List<List<MicroBatches.Range>> shares =
                MicroBatches.of(batch, microBatch, workers.count()).shares();
        // s is linear in the direction, so the mean over the batch is taken there, once.
        try (NDArray direction = Scalars.over(adjoint, batch)) {
            List<Callable<Back>> tasks = new ArrayList<>();
            for (int i = 0; i < shares.size(); i++) {
                SetLeaf leaf = leaves.get(i);
                List<MicroBatches.Range> share = shares.get(i);
                tasks.add(() -> share(owner, theta, direction, leaf, step, share));
            }
            return workers.all(tasks).stream().reduce(Back::plus).orElseThrow();
        }
    }

    private Back share(
            NDManager owner,
            NDArray theta,
            NDArray direction,
            SetLeaf set,
            InnerStep step,
            List<MicroBatches.Range> ranges) {
        List<Back> sums = new ArrayList<>();
        int first = ranges.get(0).from();
        int end = ranges.get(ranges.size() - 1).to();
        try (NDScope outer = new NDScope()) {
            outer.suppressNotUsedWarning();
            // A leaf of this share alone: going back to all images is then done once, not for every micro-batch.
            NDArray rows = set.images().get(owner.create(Arrays.copyOfRange(step.batch(), first, end)));
            NDArray leaf = TensorSession.leaf(rows);
            for (MicroBatches.Range range : ranges) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray images = leaf.get(new NDIndex().addSliceDim(range.from() - first, range.to() - first));
                    add(sums, part(theta, direction, images, set, step, range), owner);
                }
            }
            session.backward(rows, leaf.getGradient());
        }
        return sums.get(0);
    }

    private static void add(List<Back> sums, Back part, NDManager owner) {
        if (sums.isEmpty()) {
            NDScope.unregister(part.curvature(), part.product());
            part.curvature().attach(owner);
            part.product().attach(owner);
            sums.add(part);
        } else {
            sums.get(0).plus(part);
        }
    }

    private Back part(
            NDArray theta, NDArray direction, NDArray images, SetLeaf set, InnerStep step, MicroBatches.Range range) {
        NDArray batch = augmented(images, step, range.from(), range.to());
        NDArray index = direction.getManager().create(Arrays.copyOfRange(step.batch(), range.from(), range.to()));
        NDArray labels = set.labels().get(index);
        ConvNet.Pullback back = network.pullback(theta, direction, batch, labels);
        session.backward(batch, back.images());
        if (set.learned()) {
            session.backward(labels, back.probabilities());
        }
        return new Back(back.parameters(), back.product());
    }

    private static NDArray augmented(NDArray images, InnerStep step, int from, int to) {
        return step.augmentation().isPresent()
                ? Augmentation.apply(images, part(step.augmentation().get(), step, from, to))
                : images;
    }

    private static AugmentationDraw part(AugmentationDraw draw, InnerStep step, int from, int to) {
        return from == 0 && to == step.batch().length ? draw : draw.range(from, to);
    }

    private static NDArray squaredDistance(NDManager owner, NDArray a, NDArray b) {
        try (NDArray difference = a.sub(b);
                NDArray square = difference.square()) {
            NDArray sum = square.sum();
            sum.attach(owner);
            return sum;
        }
    }
}
