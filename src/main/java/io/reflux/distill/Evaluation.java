package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Augmentation;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntToDoubleFunction;

/**
 * Judges a distilled set by the protocol of the trajectory-matching papers: students start from fresh initialisations
 * and are tested once, after their last epoch.
 *
 * <p>Three rows under one recipe: the distilled set with its learned rate; random real images of the same count, a new
 * draw for each student, with the standard rate; the whole sample with the standard rate for a stated number of steps.
 */
public final class Evaluation {
    private final EvaluationSettings settings;
    private final long seed;
    private final Compute compute;

    /**
     * An evaluation on all processors.
     *
     * @param seed of initialisations, batches, augmentation and draws of random images
     */
    public Evaluation(EvaluationSettings settings, long seed) {
        this(settings, seed, Compute.processors());
    }

    /**
     * @param seed of initialisations, batches, augmentation and draws of random images
     * @param compute where; students train side by side
     */
    public Evaluation(EvaluationSettings settings, long seed, Compute compute) {
        this.settings = settings;
        this.seed = seed;
        this.compute = compute;
    }

    /**
     * All three rows.
     *
     * @param sample real images that the set was distilled from; its classes are those of the set
     * @param test images of the same classes that neither was made from
     * @throws IllegalArgumentException when classes or shapes differ or there is nothing to test on
     */
    public EvaluationReport evaluate(DistilledSet set, ImageSet sample, ImageSet test, RunMonitor monitor) {
        requireSameKind(set, sample, "sample");
        requireSameKind(set, test, "test images");
        try (TensorSession session = TensorSession.open(compute)) {
            return evaluate(session, set, sample, test, monitor);
        }
    }

    /** Students trained on the distilled set only; arguments as above. */
    public Accuracy distilled(DistilledSet set, ImageSet test, RunMonitor monitor) {
        requireSameKind(set, test, "test images");
        try (TensorSession session = TensorSession.open(compute);
                TrainingImages held = TrainingImages.of(session.manager(), test, set.normalisation())) {
            Counter counter = new Counter(monitor, settings.students());
            return distilled(session, set, held, counter);
        }
    }

    EvaluationReport evaluate(
            TensorSession session, DistilledSet set, ImageSet sample, ImageSet test, RunMonitor monitor) {
        Counter counter = new Counter(monitor, 2L * settings.students() + settings.randomDraws());
        try (TrainingImages held = TrainingImages.of(session.manager(), test, set.normalisation())) {
            return new EvaluationReport(
                    distilled(session, set, held, counter),
                    random(session, set, sample, held, counter),
                    sample(session, set, sample, held, counter));
        }
    }

    private Accuracy distilled(TensorSession session, DistilledSet set, TrainingImages test, Counter counter) {
        Student student = student(session, set, set.recipe(), counter.monitor());
        try (TrainingImages train = TrainingImages.of(session.manager(), set)) {
            return accuracy(session, settings.students(), counter, i -> student.accuracy(train, test, seed, i));
        }
    }

    private Accuracy random(
            TensorSession session, DistilledSet set, ImageSet sample, TrainingImages test, Counter counter) {
        Student student = student(session, set, real(set.recipe(), set.recipe().epochs()), counter.monitor());
        return accuracy(session, settings.randomDraws(), counter, i -> {
            ImageSet drawn = randomImages(set, sample, Draws.of(seed, "random-real", i, 0));
            try (TrainingImages train = images(session, drawn, set.normalisation())) {
                return student.accuracy(train, test, seed, i);
            }
        });
    }

    private Accuracy sample(
            TensorSession session, DistilledSet set, ImageSet sample, TrainingImages test, Counter counter) {
        int stepsAnEpoch = (sample.size() + settings.batch() - 1) / settings.batch();
        int epochs = Math.max(1, (settings.sampleSteps() + stepsAnEpoch - 1) / stepsAnEpoch);
        Student student = student(session, set, real(set.recipe(), epochs), counter.monitor());
        try (TrainingImages train = images(session, sample, set.normalisation())) {
            return accuracy(session, settings.students(), counter, i -> student.accuracy(train, test, seed, i));
        }
    }

    private static Accuracy accuracy(
            TensorSession session, int students, Counter counter, IntToDoubleFunction student) {
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int i = 0; i < students; i++) {
            int number = i;
            tasks.add(() -> {
                double accuracy = student.applyAsDouble(number);
                counter.count();
                return accuracy;
            });
        }
        return Accuracy.of(session.workers().all(tasks).stream()
                .mapToDouble(accuracy -> accuracy)
                .toArray());
    }

    private StudentRecipe real(StudentRecipe recipe, int epochs) {
        return new StudentRecipe(
                settings.realRate(),
                recipe.momentum(),
                recipe.weightDecay(),
                epochs,
                settings.batch(),
                recipe.augmentation(),
                recipe.network());
    }

    /** As many random images of each class as the set has of it. */
    static ImageSet randomImages(DistilledSet set, ImageSet sample, Draws draws) {
        int[] wanted = new int[set.classes().size()];
        for (int i = 0; i < set.size(); i++) {
            wanted[set.classOf(i)]++;
        }
        List<Integer> chosen = new ArrayList<>();
        for (int c = 0; c < wanted.length; c++) {
            int[] candidates = sample.indicesOf(c);
            int[] order = draws.permutation(candidates.length);
            for (int i = 0; i < Math.min(wanted[c], order.length); i++) {
                chosen.add(candidates[order[i]]);
            }
        }
        return sample.select(chosen.stream().mapToInt(i -> i).toArray());
    }

    private static TrainingImages images(TensorSession session, ImageSet set, Normalisation normalisation) {
        return TrainingImages.of(session.manager(), set, normalisation);
    }

    private static Student student(TensorSession session, DistilledSet set, StudentRecipe recipe, RunMonitor monitor) {
        NetworkSettings network = recipe.network();
        return new Student(
                session,
                new ConvNet(set.shape(), set.classes().size(), network.width(), network.depth()),
                new Augmentation(recipe.augmentation(), set.shape()),
                recipe,
                monitor::cancelled);
    }

    static void requireSameKind(DistilledSet set, ImageSet images, String what) {
        if (images.size() == 0) {
            throw new IllegalArgumentException("there are no " + what);
        }
        if (!images.shape().equals(set.shape())) {
            throw new IllegalArgumentException(
                    "the " + what + " have shape " + images.shape() + ", the set has " + set.shape());
        }
        if (!images.classes().equals(set.classes())) {
            throw new IllegalArgumentException(
                    "the " + what + " have classes " + images.classes() + ", the set has " + set.classes());
        }
    }

    /** Tells the monitor of each student that is done. */
    private static final class Counter {
        private final RunMonitor monitor;
        private final long total;
        private long done;

        Counter(RunMonitor monitor, long total) {
            this.monitor = monitor;
            this.total = total;
            monitor.report(new Progress(Stage.EVALUATION, 0, total, Double.NaN));
        }

        RunMonitor monitor() {
            return monitor;
        }

        synchronized void count() {
            done++;
            monitor.report(new Progress(Stage.EVALUATION, done, total, Double.NaN));
        }
    }
}
