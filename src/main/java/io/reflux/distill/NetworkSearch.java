package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Augmentation;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNetVariant;
import io.reflux.nn.TensorSession;
import io.reflux.nn.VariantConvNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Neural architecture search with a distilled set as the proxy (Zhao, Mopuri and Bilen, ICLR 2021; Du et al., CVPR 2023,
 * section 4.4): each network is trained on the set and on the real images it stands for, and tested on the same test
 * images; the two rankings tell whether the set could have been searched with in place of the data.
 *
 * <p>What is finished is kept in the directory, so an interrupted search goes on with the next network and gives the
 * same accuracies.
 */
public final class NetworkSearch {
    private final SearchSettings settings;
    private final Path directory;
    private final Compute compute;

    /**
     * @param directory of the journals
     * @param compute where; networks train side by side
     */
    public NetworkSearch(SearchSettings settings, Path directory, Compute compute) {
        this.settings = settings;
        this.directory = directory;
        this.compute = compute;
    }

    /**
     * Runs on the calling thread until all networks are tested.
     *
     * @param networks in the order of the report
     * @param sample real images that the set stands for, of its classes and shape
     * @param test images of the same classes that neither was made from
     * @throws DistillationCancelledException when the monitor says so; finished networks are kept
     * @throws IllegalArgumentException when classes or shapes differ, or a network is too deep for the images
     * @throws IOException when the directory cannot be read or written
     */
    public SearchReport run(
            List<ConvNetVariant> networks, DistilledSet set, ImageSet sample, ImageSet test, SearchMonitor monitor)
            throws IOException {
        Evaluation.requireSameKind(set, sample, "sample");
        Evaluation.requireSameKind(set, test, "test images");
        List<VariantConvNet> built = networks.stream()
                .map(variant -> variant.network(set.shape(), set.classes().size()))
                .toList();
        try (TensorSession session = TensorSession.open(compute);
                TrainingImages held = TrainingImages.of(session.manager(), test, set.normalisation());
                SearchCourses opened = new SearchCourses(session, directory, settings, set, test)) {
            List<SearchCourse> courses = opened.open(sample);
            Augmentation augmentation = new Augmentation(set.recipe().augmentation(), set.shape());
            Account account = new Account(monitor, courses, networks, built);
            List<Callable<NetworkScore>> tasks = new ArrayList<>();
            for (int i = 0; i < networks.size(); i++) {
                ConvNetVariant variant = networks.get(i);
                VariantConvNet network = built.get(i);
                tasks.add(() -> score(session, courses, variant, network, augmentation, held, account));
            }
            return new SearchReport(session.workers().all(tasks));
        }
    }

    private NetworkScore score(
            TensorSession session,
            List<SearchCourse> courses,
            ConvNetVariant variant,
            VariantConvNet network,
            Augmentation augmentation,
            TrainingImages held,
            Account account) {
        Map<TrainingSource, NetworkScore.Test> tests = new EnumMap<>(TrainingSource.class);
        double cost = 0;
        for (SearchCourse course : courses) {
            NetworkScore.Test test = course.known(variant).orElse(null);
            if (test == null) {
                test = course.train(
                        session, variant, network, augmentation, held, settings.seed(), account.monitor::cancelled);
                cost += course.cost(network);
            }
            tests.put(course.source(), test);
        }
        NetworkScore score = new NetworkScore(variant, tests);
        if (cost > 0) {
            account.finish(score, cost);
        }
        return score;
    }

    /** Tells the monitor of each network that is finished, and how much of the work is. */
    private static final class Account {
        private final SearchMonitor monitor;
        private final int total;
        private final double wholeCost;
        private int finished;
        private double cost;

        Account(
                SearchMonitor monitor,
                List<SearchCourse> courses,
                List<ConvNetVariant> networks,
                List<VariantConvNet> built) {
            this.monitor = monitor;
            this.total = networks.size();
            double whole = 0;
            for (int i = 0; i < total; i++) {
                double left = left(courses, networks.get(i), built.get(i));
                finished += left == 0 ? 1 : 0;
                whole += left;
            }
            this.wholeCost = whole;
            monitor.begun(finished, total);
        }

        private static double left(List<SearchCourse> courses, ConvNetVariant variant, VariantConvNet network) {
            return courses.stream()
                    .filter(course -> course.known(variant).isEmpty())
                    .mapToDouble(course -> course.cost(network))
                    .sum();
        }

        synchronized void finish(NetworkScore score, double networkCost) {
            finished++;
            cost += networkCost;
            monitor.finished(score, finished, total, cost / wholeCost);
        }
    }
}
