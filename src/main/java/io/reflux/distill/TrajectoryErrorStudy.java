package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.reflux.image.ImageSet;
import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Draws;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures the accumulated trajectory error of a set along fresh experts, flat and plain ones.
 *
 * <p>The set was not distilled from these experts: their draws come from the complement of the seed. A flat and a plain
 * expert of the same number share initialisation, batches and augmentation. They are kept in the directory, as those of
 * a distillation are, so an interrupted measurement goes on where it was.
 */
public final class TrajectoryErrorStudy {
    private final DistillationSettings settings;
    private final Path directory;
    private final Compute compute;

    /**
     * @param settings how many experts, how they are trained, and how a student is unrolled: {@code experts},
     *     {@code matching.inner-steps}, {@code .matched-epochs} and {@code .batch}; the network and the augmentation are
     *     those of the set
     * @param directory cache of trajectories
     */
    public TrajectoryErrorStudy(DistillationSettings settings, Path directory, Compute compute) {
        this.settings = settings;
        this.directory = directory;
        this.compute = compute;
    }

    /**
     * Runs on the calling thread.
     *
     * @param sample that experts are trained on, of the set's classes and shape
     * @throws DistillationCancelledException when the monitor says so; trajectories are kept
     * @throws IllegalArgumentException when classes or shapes differ
     * @throws IOException when the directory cannot be read or written
     */
    public TrajectoryErrorReport measure(DistilledSet set, ImageSet sample, RunMonitor monitor) throws IOException {
        Evaluation.requireSameKind(set, sample, "sample");
        DistillationSettings flat = settings.withSeed(~settings.seed())
                .withNetwork(set.recipe().network())
                .withAugmentation(set.recipe().augmentation());
        DistillationSettings plain = SettingsProperties.apply(flat, Map.of("experts.flatness", "0"));
        try (TensorSession session = TensorSession.open(compute)) {
            return new TrajectoryErrorReport(
                    segments(session, flat, set, sample, monitor), segments(session, plain, set, sample, monitor));
        }
    }

    private List<TrajectoryErrorReport.Segment> segments(
            TensorSession session, DistillationSettings along, DistilledSet set, ImageSet sample, RunMonitor monitor)
            throws IOException {
        Workplace place = workplace(along, set, sample);
        List<Integer> experts = new Experts(session, place, along, monitor).prepare(sample, set.normalisation());
        Counter counter = new Counter(
                monitor,
                (long) experts.size()
                        * (along.experts().epochs() / along.matching().matchedEpochs()));
        List<List<TrajectoryError.Segment>> segments = new ArrayList<>();
        for (int ordinal : experts) {
            segments.add(along(session, along, place, set, ordinal, counter));
        }
        return TrajectoryErrorReport.over(segments, along.matching().matchedEpochs());
    }

    private static List<TrajectoryError.Segment> along(
            TensorSession session,
            DistillationSettings along,
            Workplace place,
            DistilledSet set,
            int ordinal,
            Counter counter)
            throws IOException {
        Trajectory expert = place.trajectories()
                .load(ordinal)
                .orElseThrow(() -> new DistillationFailedException(
                        "trajectory " + ordinal + " disappeared while it was being followed; run again"));
        try (NDManager owner = session.manager().newSubManager();
                TrainingImages synthetic = TrainingImages.of(owner, set)) {
            return new TrajectoryError(session, new Matching(session, place.network()))
                    .along(
                            milestones(owner, expert, along.matching().matchedEpochs()),
                            synthetic.images(),
                            Labels.fixed(synthetic.labels()),
                            set.recipe().learningRate(),
                            segment -> InnerStep.sequence(
                                    along.matching().innerSteps(),
                                    set.size(),
                                    along.matching().batch(),
                                    place.augmentation(),
                                    Draws.of(along.seed(), "trajectory-error", ordinal, segment)),
                            counter);
        }
    }

    private static List<NDArray> milestones(NDManager owner, Trajectory expert, int matchedEpochs) {
        List<NDArray> milestones = new ArrayList<>();
        for (int epoch = 0; epoch <= expert.epochs(); epoch += matchedEpochs) {
            milestones.add(TensorSession.place(owner, expert.snapshots().get(epoch)));
        }
        return milestones;
    }

    private Workplace workplace(DistillationSettings along, DistilledSet set, ImageSet sample) throws IOException {
        NetworkSettings network = along.network();
        String fingerprint = Digest.of()
                .text(SampleDigest.of(sample))
                .text(set.normalisation().toString())
                .text(network.toString())
                .text(AugmentationFamily.format(along.augmentation()))
                .text(along.experts().toString())
                .text(Long.toString(along.seed()))
                .hex()
                .substring(0, 16);
        Path place = directory.resolve("trajectory-error-" + fingerprint);
        return new Workplace(
                place,
                new TrajectoryBuffer(place),
                new ConvNet(set.shape(), set.classes().size(), network.width(), network.depth()),
                new Augmentation(along.augmentation(), set.shape()));
    }

    /** Tells the monitor of each segment, and stops between two. */
    private static final class Counter implements TrajectoryError.SegmentListener {
        private final RunMonitor monitor;
        private final long total;
        private long done;

        Counter(RunMonitor monitor, long total) {
            this.monitor = monitor;
            this.total = total;
            monitor.report(new Progress(Stage.EVALUATION, 0, total, Double.NaN));
        }

        @Override
        public void segment(TrajectoryError.Segment segment) {
            done++;
            monitor.report(new Progress(Stage.EVALUATION, done, total, Double.NaN));
            if (monitor.cancelled()) {
                throw new DistillationCancelledException("stopped between two segments; trajectories are kept");
            }
        }
    }
}
