package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationDraw;
import io.reflux.nn.Draws;
import io.reflux.nn.HostReads;
import io.reflux.nn.Network;
import io.reflux.nn.Scalars;
import io.reflux.nn.TensorSession;
import io.reflux.nn.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Trains a freshly initialised network on a set by a {@link StudentRecipe} and tests it once, after the last epoch, as
 * the trajectory-matching papers do: PyTorch's SGD with momentum and weight decay, shuffled batches, one augmentation
 * family a batch; after epoch index ⌊(epochs − 1)/2⌋ + 1 the rate is divided by ten and the momentum starts anew.
 */
final class Student {
    private final TensorSession session;
    private final Network network;
    private final Augmentation augmentation;
    private final StudentRecipe recipe;
    private final Watch watch;
    private final LossGradient gradient;

    /** Whoever follows a student's training; called from the thread that trains it. */
    @FunctionalInterface
    interface Watch {
        /** Asked before every step; true ends the training with a {@link DistillationCancelledException}. */
        boolean cancelled();

        /** Told after every epoch. */
        default void epochDone() {}
    }

    /** Computes on the thread that asks: students train side by side. */
    Student(TensorSession session, Network network, Augmentation augmentation, StudentRecipe recipe, Watch watch) {
        this(session, network, augmentation, recipe, watch, Workers.inline());
    }

    /** @param workers that share the micro-batches of a step */
    Student(
            TensorSession session,
            Network network,
            Augmentation augmentation,
            StudentRecipe recipe,
            Watch watch,
            Workers workers) {
        this.session = session;
        this.network = network;
        this.augmentation = augmentation;
        this.recipe = recipe;
        this.watch = watch;
        this.gradient = new LossGradient(session, network, workers);
    }

    /** Test accuracy in 0 … 1 of one student; {@code number} picks its random draws. */
    double accuracy(TrainingImages train, TrainingImages test, long seed, int number) {
        return accuracy(train, test, Draws.of(seed, "student", number, 0));
    }

    /** Test accuracy in 0 … 1 of the student of these draws. */
    double accuracy(TrainingImages train, TrainingImages test, Draws draws) {
        try (NDManager owner = session.manager().newSubManager()) {
            NDArray theta = train(owner, train, draws);
            Network settled = network.settled(owner, theta, train.images(), batches(train.size(), draws));
            return accuracy(settled, theta, test);
        }
    }

    /** The parameters [P] after the last epoch, owned by the manager. */
    NDArray train(NDManager owner, TrainingImages data, Draws draws) {
        NDArray theta = TensorSession.place(owner, network.layout().initialise(draws));
        NDArray velocity = theta.zerosLike();
        double rate = recipe.learningRate();
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            epoch(owner, data, theta, velocity, rate, draws);
            if (epoch == (recipe.epochs() - 1) / 2 + 1) {
                rate /= 10;
                velocity.muli(0);
            }
            watch.epochDone();
        }
        return theta;
    }

    private void epoch(
            NDManager owner, TrainingImages data, NDArray theta, NDArray velocity, double rate, Draws draws) {
        for (int[] batch : batches(data.size(), draws)) {
            if (watch.cancelled()) {
                throw new DistillationCancelledException("stopped while a student was training");
            }
            step(owner, data, theta, velocity, rate, batch, draws);
        }
    }

    private List<int[]> batches(int images, Draws draws) {
        int[] order = draws.permutation(images);
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < images; from += recipe.batch()) {
            batches.add(Arrays.copyOfRange(order, from, Math.min(images, from + recipe.batch())));
        }
        return batches;
    }

    private void step(
            NDManager owner,
            TrainingImages data,
            NDArray theta,
            NDArray velocity,
            double rate,
            int[] batch,
            Draws draws) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray index = owner.create(batch);
            NDArray images = data.images().get(index);
            Optional<AugmentationDraw> draw = augmentation.draw(batch.length, draws);
            NDArray augmented = draw.isPresent() ? Augmentation.apply(images, draw.get()) : images;
            NDArray direction = gradient.at(
                            owner, theta, augmented, data.labels().get(index))
                    .gradient()
                    .add(Scalars.times(theta, recipe.weightDecay()));
            velocity.muli(recipe.momentum()).addi(direction);
            theta.subi(Scalars.times(velocity, rate));
        }
    }

    private double accuracy(Network trained, NDArray theta, TrainingImages test) {
        int batch = session.imagesAtOnce(network.activationBytes());
        try (NDArray right = session.manager().zeros(new Shape(), DataType.INT64)) {
            for (int from = 0; from < test.size(); from += batch) {
                addRight(right, trained, theta, test, from, Math.min(test.size(), from + batch));
            }
            return (double) HostReads.whole(right) / test.size();
        }
    }

    private static void addRight(NDArray right, Network trained, NDArray theta, TrainingImages test, int from, int to) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDIndex rows = new NDIndex().addSliceDim(from, to);
            NDArray guess = trained.logits(theta, test.images().get(rows)).argMax(1);
            NDArray truth = test.labels().get(rows).argMax(1);
            right.addi(guess.eq(truth).sum());
        }
    }
}
