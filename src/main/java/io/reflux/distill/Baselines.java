package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.HostReads;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges small sets of real images under the recipe of a distilled set, with the standard rate of real images.
 *
 * <p>Features and soft labels come from one ConvNet of the recipe, trained on the whole sample as a student of it is:
 * the features are what its classifier is given, the labels the softmax of its logits. A choice by features is made
 * class by class, once; a random one anew for each student, the same draws as {@link Evaluation} makes.
 */
public final class Baselines {
    private final EvaluationSettings settings;
    private final long seed;
    private final Compute compute;

    /**
     * What the baselines have in common with the set beside them.
     *
     * @param quota images of each class
     * @param normalisation of the images
     * @param recipe of a student; its rate is not used
     */
    public record Terms(ClassQuota quota, Normalisation normalisation, StudentRecipe recipe) {
        public static Terms of(DistilledSet set) {
            return new Terms(ClassQuota.of(set), set.normalisation(), set.recipe());
        }
    }

    /**
     * @param seed of initialisations, batches, augmentation and draws of random images
     * @param compute where; students train side by side
     */
    public Baselines(EvaluationSettings settings, long seed, Compute compute) {
        this.settings = settings;
        this.seed = seed;
        this.compute = compute;
    }

    /**
     * Trains students on each baseline and tests them once, after their last epoch.
     *
     * @param sample real images to choose from
     * @param test images of the same shape and classes
     * @return in the order of {@link Baseline}
     * @throws IllegalArgumentException when the two are empty, or differ in classes or shape, or the quota has other
     *     classes
     * @throws DistillationFailedException when the network that features come from did not stay finite
     */
    public Map<Baseline, Accuracy> evaluate(
            Collection<Baseline> which, Terms terms, ImageSet sample, ImageSet test, RunMonitor monitor) {
        requireFit(terms, sample, test);
        Map<Baseline, Accuracy> accuracies = new EnumMap<>(Baseline.class);
        if (which.isEmpty()) {
            return accuracies;
        }
        Set<Baseline> wanted = EnumSet.copyOf(which);
        try (TensorSession session = TensorSession.open(compute);
                Run run = new Run(session, terms, sample, test, Students.counted(session, monitor, total(wanted)))) {
            if (wanted.stream().anyMatch(Baselines::needsNetwork)) {
                run.trainNetwork();
            }
            wanted.forEach(baseline -> accuracies.put(baseline, run.accuracy(baseline)));
        }
        return accuracies;
    }

    private static boolean needsNetwork(Baseline baseline) {
        return baseline != Baseline.RANDOM;
    }

    private long total(Set<Baseline> wanted) {
        boolean network = wanted.stream().anyMatch(Baselines::needsNetwork);
        return wanted.stream().mapToLong(this::students).sum() + (network ? 1 : 0);
    }

    private int students(Baseline baseline) {
        return switch (baseline) {
            case RANDOM, RANDOM_SOFT -> settings.randomDraws();
            case HERDING, K_CENTER -> settings.students();
        };
    }

    private static void requireFit(Terms terms, ImageSet sample, ImageSet test) {
        if (sample.size() == 0 || test.size() == 0) {
            throw new IllegalArgumentException("there are no " + (test.size() == 0 ? "test images" : "sample images"));
        }
        if (!sample.shape().equals(test.shape()) || !sample.classes().equals(test.classes())) {
            throw new IllegalArgumentException("sample and test images differ in classes or shape");
        }
        if (terms.quota().images().size() != sample.classes().size()) {
            throw new IllegalArgumentException(
                    "the set has " + terms.quota().images().size() + " classes, the sample has "
                            + sample.classes().size());
        }
    }

    /** One evaluation of baselines, in one session. */
    private final class Run implements AutoCloseable {
        private final TensorSession session;
        private final Terms terms;
        private final ImageSet sample;
        private final TrainingImages held;
        private final Students students;
        private final ConvNet convNet;
        private final Student student;
        private @Nullable SampleNetwork network;

        Run(TensorSession session, Terms terms, ImageSet sample, ImageSet test, Students students) {
            this.session = session;
            this.terms = terms;
            this.sample = sample;
            this.students = students;
            NetworkSettings wanted = terms.recipe().network();
            this.convNet = new ConvNet(sample.shape(), sample.classes().size(), wanted.width(), wanted.depth());
            this.student = students.student(convNet, sample.shape(), settings.onRealImages(terms.recipe()));
            this.held = images(test);
        }

        void trainNetwork() {
            StudentRecipe recipe = settings.onWholeSample(terms.recipe(), sample.size());
            try (TrainingImages train = images(sample)) {
                NDArray theta = students.lone(convNet, sample.shape(), recipe)
                        .train(session.manager(), train, Draws.of(seed, "sample-network", 0, 0));
                if (!Double.isFinite(HostReads.scalar(theta.sum()))) {
                    throw new DistillationFailedException("the network that baselines choose images by did not stay"
                            + " finite at evaluation.real-rate " + settings.realRate() + "; lower it");
                }
                network = new SampleNetwork(convNet, theta);
            }
            students.count();
        }

        Accuracy accuracy(Baseline baseline) {
            return switch (baseline) {
                case RANDOM -> drawn(baseline, false);
                case HERDING -> chosen(baseline, Herding::choose);
                case K_CENTER -> chosen(baseline, KCenter::choose);
                case RANDOM_SOFT -> drawn(baseline, true);
            };
        }

        private Accuracy drawn(Baseline baseline, boolean soft) {
            return students.accuracy(students(baseline), i -> {
                Draws draws = Evaluation.drawsOfRandomImages(seed, i);
                TrainingImages hard = images(terms.quota().choose(sample, ClassQuota.random(draws)));
                try (TrainingImages train = soft ? relabelled(hard) : hard) {
                    return student.accuracy(train, held, seed, i);
                }
            });
        }

        private Accuracy chosen(Baseline baseline, FeatureChoice choice) {
            ImageSet fixed =
                    terms.quota().choose(sample, (candidates, count) -> choice.choose(features(candidates), count));
            try (TrainingImages train = images(fixed)) {
                return students.accuracy(students(baseline), i -> student.accuracy(train, held, seed, i));
            }
        }

        private float[][] features(int[] candidates) {
            try (TrainingImages images = images(sample.select(candidates))) {
                return network().features(images.images());
            }
        }

        /** Takes the images over. */
        private TrainingImages relabelled(TrainingImages hard) {
            hard.labels().close();
            return new TrainingImages(hard.images(), network().labels(session.manager(), hard.images()));
        }

        private SampleNetwork network() {
            return Objects.requireNonNull(network);
        }

        private TrainingImages images(ImageSet set) {
            return TrainingImages.of(session.manager(), set, terms.normalisation());
        }

        @Override
        public void close() {
            held.close();
            if (network != null) {
                network.close();
            }
        }
    }

    /** Chooses rows of features. */
    @FunctionalInterface
    private interface FeatureChoice {
        int[] choose(float[][] features, int count);
    }
}
