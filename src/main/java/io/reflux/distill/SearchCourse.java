package io.reflux.distill;

import io.reflux.nn.Augmentation;
import io.reflux.nn.ConvNetVariant;
import io.reflux.nn.Draws;
import io.reflux.nn.TensorSession;
import io.reflux.nn.VariantConvNet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One source that all networks of a search are trained on, with what is known of those that were.
 *
 * <p>A network's draws derive from the seed, its name and the source alone, and a student computes on one thread: the
 * result depends neither on the other networks, nor on their order, nor on the number of workers.
 */
record SearchCourse(TrainingSource source, TrainingImages images, StudentRecipe recipe, SearchJournal journal)
        implements AutoCloseable {

    Optional<NetworkScore.Test> known(ConvNetVariant variant) {
        return journal.find(variant.name());
    }

    /** Multiply-adds of the forward passes of a network's training. */
    double cost(VariantConvNet network) {
        return (double) network.multiplications() * images.size() * recipe.epochs();
    }

    /** Trains and tests a network, and notes the result. */
    NetworkScore.Test train(
            TensorSession session,
            ConvNetVariant variant,
            VariantConvNet network,
            Augmentation augmentation,
            TrainingImages held,
            long seed,
            BooleanSupplier cancelled) {
        long begun = System.nanoTime();
        double accuracy = new Student(session, network, augmentation, recipe, cancelled::getAsBoolean)
                .accuracy(images, held, Draws.of(seed, "search " + variant.name(), source.ordinal(), 0));
        NetworkScore.Test test = new NetworkScore.Test(accuracy, (System.nanoTime() - begun) / 1_000_000 / 1000.0);
        try {
            journal.add(variant.name(), test);
            return test;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        images.close();
        journal.close();
    }
}
