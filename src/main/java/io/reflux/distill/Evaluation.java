package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Architecture;
import io.reflux.nn.Compute;
import io.reflux.nn.Draws;
import io.reflux.nn.Network;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

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
            Students students = Students.counted(session, monitor, settings.students());
            return distilled(session, set, network(set), held, students);
        }
    }

    /** Students trained on the whole sample only; arguments as above. */
    public Accuracy sample(DistilledSet set, ImageSet sample, ImageSet test, RunMonitor monitor) {
        requireSameKind(set, sample, "sample");
        requireSameKind(set, test, "test images");
        try (TensorSession session = TensorSession.open(compute);
                TrainingImages held = TrainingImages.of(session.manager(), test, set.normalisation())) {
            return sample(session, set, sample, held, Students.counted(session, monitor, settings.students()));
        }
    }

    /**
     * The cross-architecture table: students of each architecture, trained on the distilled set by its own recipe.
     * The monitor is told of their epochs.
     *
     * @return in the order asked for
     * @throws IllegalArgumentException when classes or shapes differ, there is nothing to test on, or the images are
     *     too small for a network
     */
    public Map<Architecture, Accuracy> distilled(
            DistilledSet set, ImageSet test, Collection<Architecture> architectures, RunMonitor monitor) {
        requireSameKind(set, test, "test images");
        Map<Architecture, Network> networks = new LinkedHashMap<>();
        architectures.forEach(wanted -> networks.put(wanted, network(set, wanted)));
        Map<Architecture, Accuracy> accuracies = new LinkedHashMap<>();
        try (TensorSession session = TensorSession.open(compute);
                TrainingImages held = TrainingImages.of(session.manager(), test, set.normalisation())) {
            long epochs =
                    (long) settings.students() * networks.size() * set.recipe().epochs();
            Students students = Students.countedByEpoch(session, monitor, epochs);
            networks.forEach((name, network) -> accuracies.put(name, distilled(session, set, network, held, students)));
        }
        return accuracies;
    }

    EvaluationReport evaluate(
            TensorSession session, DistilledSet set, ImageSet sample, ImageSet test, RunMonitor monitor) {
        Students students = Students.counted(session, monitor, 2L * settings.students() + settings.randomDraws());
        try (TrainingImages held = TrainingImages.of(session.manager(), test, set.normalisation())) {
            return new EvaluationReport(
                    distilled(session, set, network(set), held, students),
                    random(session, set, sample, held, students),
                    sample(session, set, sample, held, students));
        }
    }

    private Accuracy distilled(
            TensorSession session, DistilledSet set, Network network, TrainingImages test, Students students) {
        Student student = students.student(network, set.shape(), set.recipe());
        try (TrainingImages train = TrainingImages.of(session.manager(), set)) {
            return students.accuracy(settings.students(), i -> student.accuracy(train, test, seed, i));
        }
    }

    private Accuracy random(
            TensorSession session, DistilledSet set, ImageSet sample, TrainingImages test, Students students) {
        Student student = students.student(network(set), set.shape(), settings.onRealImages(set.recipe()));
        ClassQuota quota = ClassQuota.of(set);
        return students.accuracy(settings.randomDraws(), i -> {
            ImageSet drawn = quota.choose(sample, ClassQuota.random(drawsOfRandomImages(seed, i)));
            try (TrainingImages train = images(session, drawn, set.normalisation())) {
                return student.accuracy(train, test, seed, i);
            }
        });
    }

    private Accuracy sample(
            TensorSession session, DistilledSet set, ImageSet sample, TrainingImages test, Students students) {
        StudentRecipe recipe = settings.onWholeSample(set.recipe(), sample.size());
        Student student = students.student(network(set), set.shape(), recipe);
        try (TrainingImages train = images(session, sample, set.normalisation())) {
            return students.accuracy(settings.students(), i -> student.accuracy(train, test, seed, i));
        }
    }

    /** The draws of the random real images of a student. */
    static Draws drawsOfRandomImages(long seed, int student) {
        return Draws.of(seed, "random-real", student, 0);
    }

    private static TrainingImages images(TensorSession session, ImageSet set, Normalisation normalisation) {
        return TrainingImages.of(session.manager(), set, normalisation);
    }

    private static Network network(DistilledSet set) {
        return network(set, Architecture.CONVNET);
    }

    private static Network network(DistilledSet set, Architecture architecture) {
        NetworkSettings own = set.recipe().network();
        return architecture.network(set.shape(), set.classes().size(), own.width(), own.depth());
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
}
