package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationDraw;
import io.reflux.nn.Draws;
import io.reflux.nn.HostReads;
import io.reflux.nn.Network;
import io.reflux.nn.Scalars;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Trains one expert and keeps a deep copy of its parameters after every epoch: shuffled batches, the last one partial,
 * a constant learning rate, one augmentation family a batch shared by both passes of a flat step.
 *
 * <p>The optimiser has no state, so an interrupted expert goes on from its last snapshot.
 */
final class Expert {
    private final TensorSession session;
    private final Network network;
    private final Augmentation augmentation;
    private final ExpertStep step;
    private final ExpertSettings settings;
    private final long seed;

    Expert(TensorSession session, Network network, Augmentation augmentation, DistillationSettings settings) {
        this.session = session;
        this.network = network;
        this.augmentation = augmentation;
        this.settings = settings.experts();
        this.seed = settings.seed();
        this.step = new ExpertStep(
                new LossGradient(session, network, session.workers()),
                this.settings.learningRate(),
                this.settings.flatness(),
                this.settings.gapWeight(),
                true);
    }

    /** Follows a training; may throw to stop it. */
    interface Listener {
        /** An epoch is done. */
        void epoch(Trajectory soFar, double loss) throws IOException;

        /** Asked before every step. */
        boolean cancelled();

        /** The training stops within an epoch, of which nothing is kept; what to throw. */
        DistillationCancelledException stopped(Trajectory soFar) throws IOException;
    }

    /** Trains the epochs that {@code begun} does not have yet. */
    Trajectory train(TrainingImages data, Trajectory begun, Listener listener) throws IOException {
        Trajectory trajectory = begun;
        while (trajectory.epochs() < settings.epochs()) {
            int epoch = trajectory.epochs();
            Draws draws = Draws.of(seed, "expert-epoch", trajectory.ordinal(), epoch);
            float[] last = trajectory.snapshots().get(epoch);
            try (NDManager owner = session.manager().newSubManager()) {
                Optional<Epoch> epochDone = epoch(owner, data, TensorSession.place(owner, last), draws, listener);
                if (epochDone.isEmpty()) {
                    throw listener.stopped(trajectory);
                }
                Epoch done = epochDone.get();
                List<float[]> snapshots = new ArrayList<>(trajectory.snapshots());
                snapshots.add(HostReads.floats(done.theta()));
                trajectory = new Trajectory(trajectory.ordinal(), trajectory.sample(), snapshots);
                listener.epoch(trajectory, done.loss());
            }
        }
        return trajectory;
    }

    /** An expert that has only its random initialisation. */
    Trajectory fresh(int ordinal, String sample) {
        float[] start = network.layout().initialise(Draws.of(seed, "expert-start", ordinal, 0));
        return new Trajectory(ordinal, sample, List.of(start));
    }

    private record Epoch(NDArray theta, double loss) {}

    /** Empty when the listener wants it to stop. */
    private Optional<Epoch> epoch(NDManager owner, TrainingImages data, NDArray start, Draws draws, Listener listener) {
        int[] order = draws.permutation(data.size());
        NDArray theta = start;
        NDArray loss = owner.zeros(new Shape());
        for (int from = 0; from < order.length; from += settings.batch()) {
            if (listener.cancelled()) {
                return Optional.empty();
            }
            int[] batch = Arrays.copyOfRange(order, from, Math.min(order.length, from + settings.batch()));
            ExpertStep.Outcome outcome = step(owner, data, theta, batch, draws);
            theta.close();
            theta = outcome.theta();
            try (NDArray share = outcome.loss();
                    NDArray weighted = Scalars.times(share, (double) batch.length / order.length)) {
                loss.addi(weighted);
            }
        }
        return Optional.of(new Epoch(theta, HostReads.scalar(loss)));
    }

    private ExpertStep.Outcome step(NDManager owner, TrainingImages data, NDArray theta, int[] batch, Draws draws) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray index = owner.create(batch);
            NDArray images = data.images().get(index);
            Optional<AugmentationDraw> draw = augmentation.draw(batch.length, draws);
            NDArray augmented = draw.isPresent() ? Augmentation.apply(images, draw.get()) : images;
            ExpertStep.Outcome outcome =
                    step.apply(owner, theta, augmented, data.labels().get(index));
            NDScope.unregister(outcome.theta(), outcome.loss());
            return outcome;
        }
    }
}
