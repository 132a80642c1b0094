package io.reflux.distill;

import io.reflux.image.ImageShape;
import io.reflux.nn.Augmentation;
import io.reflux.nn.Network;
import io.reflux.nn.TensorSession;
import io.reflux.nn.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntToDoubleFunction;

/** Trains students side by side, one a worker, and tells a monitor how many, or how many of their epochs, are done. */
final class Students {
    private final TensorSession session;
    private final RunMonitor monitor;
    private final boolean byEpoch;
    private final long total;
    private long done;

    private Students(TensorSession session, RunMonitor monitor, boolean byEpoch, long total) {
        this.session = session;
        this.monitor = monitor;
        this.byEpoch = byEpoch;
        this.total = total;
        monitor.report(new Progress(Stage.EVALUATION, 0, total, Double.NaN));
    }

    /** @param total students of all calls together */
    static Students counted(TensorSession session, RunMonitor monitor, long total) {
        return new Students(session, monitor, false, total);
    }

    /**
     * For networks that take minutes each.
     *
     * @param total epochs of all students of all calls together
     */
    static Students countedByEpoch(TensorSession session, RunMonitor monitor, long total) {
        return new Students(session, monitor, true, total);
    }

    /** One of several that train side by side. */
    Student student(Network network, ImageShape shape, StudentRecipe recipe) {
        return student(network, shape, recipe, Workers.inline());
    }

    /** One that trains while no other does, on all workers. */
    Student lone(Network network, ImageShape shape, StudentRecipe recipe) {
        return student(network, shape, recipe, session.workers());
    }

    private Student student(Network network, ImageShape shape, StudentRecipe recipe, Workers workers) {
        Augmentation augmentation = new Augmentation(recipe.augmentation(), shape);
        return new Student(session, network, augmentation, recipe, new Counter(), workers);
    }

    /** Accuracy over the students 0 … count − 1, each of which trains and gives its own. */
    Accuracy accuracy(int count, IntToDoubleFunction student) {
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            tasks.add(() -> {
                double accuracy = student.applyAsDouble(number);
                count();
                return accuracy;
            });
        }
        return Accuracy.of(session.workers().all(tasks).stream()
                .mapToDouble(accuracy -> accuracy)
                .toArray());
    }

    /** A student is done that {@link #accuracy} has not counted. */
    void count() {
        if (!byEpoch) {
            report();
        }
    }

    private synchronized void report() {
        done++;
        monitor.report(new Progress(Stage.EVALUATION, done, total, Double.NaN));
    }

    private final class Counter implements Student.Watch {
        @Override
        public boolean cancelled() {
            return monitor.cancelled();
        }

        @Override
        public void epochDone() {
            if (byEpoch) {
                report();
            }
        }
    }
}
