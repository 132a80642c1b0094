package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Augmentation;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.Compute;
import io.reflux.nn.ConvNet;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One distillation from a sample to an evaluated synthetic set: flat experts, trajectory matching, evaluation.
 *
 * <p>Trajectories and the checkpoint of matching live in a directory named by a fingerprint of what they depend on, so
 * an interrupted run goes on where it was, and a later run on a changed sample trains only the new experts it is asked
 * for. The same settings, sample, thread count and directory content give the same set.
 */
public final class Distillation {
    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(20);
    private static final double STUDENT_MOMENTUM = 0.9;
    private static final double STUDENT_WEIGHT_DECAY = 5e-4;

    private final DistillationSettings settings;
    private final Path directory;
    private final Compute compute;

    /**
     * A distillation on all processors.
     *
     * @param directory cache of trajectories and checkpoints
     */
    public Distillation(DistillationSettings settings, Path directory) {
        this(settings, directory, Compute.processors());
    }

    /**
     * @param directory cache of trajectories and checkpoints
     * @param compute where
     */
    public Distillation(DistillationSettings settings, Path directory, Compute compute) {
        this.settings = settings;
        this.directory = directory;
        this.compute = compute;
    }

    /**
     * Runs on the calling thread until the set is evaluated; one run at a time a process.
     *
     * @param sample what is distilled; every class has an image
     * @param heldOut of the same classes and shape, what the set is judged on
     * @param warmStart a former set to go on from, or null to start from real images
     * @throws DistillationCancelledException when the monitor says so; state is saved
     * @throws DistillationFailedException when no finite result was reached
     * @throws InvalidSettingsException when the sample is smaller than the settings need
     * @throws IOException when the directory cannot be read or written
     */
    public DistillationResult run(
            ImageSet sample, ImageSet heldOut, @Nullable DistilledSet warmStart, RunMonitor monitor)
            throws IOException {
        requireEnough(sample, heldOut);
        Map<Stage, Duration> durations = new EnumMap<>(Stage.class);
        long fitting = System.nanoTime();
        Normalisation normalisation = new FittedNormalisation(
                        settings.whitening(), directory, compute.threads(), monitor)
                .of(sample, warmStart);
        DistilledSet former = warmStart == null || !warmStart.shape().equals(sample.shape())
                ? warmStart
                : warmStart.in(normalisation);
        if (settings.whitening() == WhiteningSetting.ZCA) {
            note(durations, Stage.WHITENING, fitting);
        }
        try (TensorSession session = TensorSession.open(compute)) {
            Workplace place = workplace(sample, normalisation);
            long begun = System.nanoTime();
            Experts experts = new Experts(session, place, settings, monitor);
            List<Integer> ordinals = experts.prepare(sample, normalisation);
            begun = note(durations, Stage.EXPERTS, begun);
            MatchingState matched = match(session, place, ordinals, sample, normalisation, former, monitor);
            begun = note(durations, Stage.MATCHING, begun);
            DistilledSet set = set(sample, normalisation, matched);
            EvaluationReport report = new Evaluation(settings.evaluation(), settings.seed(), compute)
                    .evaluate(session, set, sample, heldOut, monitor);
            note(durations, Stage.EVALUATION, begun);
            return new DistillationResult(set, report, matched.recentLoss(), durations);
        }
    }

    private MatchingState match(
            TensorSession session,
            Workplace place,
            List<Integer> ordinals,
            ImageSet sample,
            Normalisation normalisation,
            @Nullable DistilledSet warmStart,
            RunMonitor monitor)
            throws IOException {
        FinalExperts experts = new FinalExperts(
                session,
                place.network(),
                place.trajectories(),
                ordinals,
                settings.experts().epochs(),
                monitor);
        SyntheticStart start = new SyntheticStart(settings, sample, normalisation, experts, warmStart);
        float[] images = start.images();
        Path file = checkpointFile(place, images, start.rate());
        Optional<Checkpoint> found = usable(Checkpoint.read(file), sample, images.length);
        Checkpoint begun = found.isPresent() ? found.get() : begin(start, images, sample, file);
        Distiller distiller = new Distiller(
                session,
                new Matching(session, place.network()),
                place.augmentation(),
                settings,
                TrainingImages.shape(synthetic(sample), sample.shape()),
                sample.classes().size());
        return new MatchingLoop(
                        distiller,
                        place.trajectories(),
                        settings,
                        file,
                        BETWEEN_CHECKPOINTS,
                        monitor,
                        state -> monitor.stopped(state.iteration(), set(sample, normalisation, state)))
                .run(begun, ordinals);
    }

    /** A run's beginning, saved at once: with learned labels it takes a pass of every expert. */
    private static Checkpoint begin(SyntheticStart start, float[] images, ImageSet sample, Path file)
            throws IOException {
        MatchingState state = MatchingState.start(images, start.logits(images), start.rate());
        Checkpoint begun = new Checkpoint(state, state, SampleDigest.of(sample));
        begun.keep(file);
        return begun;
    }

    private Path checkpointFile(Workplace place, float[] images, double rate) {
        String begin = Digest.of()
                .text(SettingsProperties.write(settings).toString())
                .floats(images)
                .text(Double.toString(rate))
                .hex();
        return place.directory().resolve("matching-" + begin.substring(0, 16) + ".safetensors");
    }

    /** A checkpoint of the same size; one that is done only if it is of the same sample. */
    private Optional<Checkpoint> usable(Optional<Checkpoint> found, ImageSet sample, int images) {
        boolean learned = settings.matching().labels().learned();
        int logits = learned ? synthetic(sample) * sample.classes().size() : 0;
        return found.filter(checkpoint -> checkpoint.current().images().length() == images)
                .filter(checkpoint -> checkpoint.current().labels().length() == logits)
                .filter(checkpoint ->
                        checkpoint.current().iteration() < settings.matching().iterations()
                                || checkpoint.sample().equals(SampleDigest.of(sample)));
    }

    private int synthetic(ImageSet sample) {
        return sample.classes().size() * settings.imagesPerClass();
    }

    private DistilledSet set(ImageSet sample, Normalisation normalisation, MatchingState matched) {
        double decay = settings.matching().averageDecay();
        int[] members = new int[synthetic(sample)];
        Arrays.setAll(members, i -> i / settings.imagesPerClass());
        int classes = sample.classes().size();
        float[] labels = settings.matching().labels().learned()
                ? Labels.probabilities(matched.labels().published(decay), classes)
                : TensorSession.oneHot(members, classes);
        return new DistilledSet(
                sample.shape(),
                sample.classes(),
                normalisation,
                matched.images().published(decay),
                labels,
                recipe(matched.rate()),
                members);
    }

    private StudentRecipe recipe(double rate) {
        return new StudentRecipe(
                rate,
                STUDENT_MOMENTUM,
                STUDENT_WEIGHT_DECAY,
                settings.evaluation().epochs(),
                settings.evaluation().batch(),
                settings.augmentation(),
                settings.network());
    }

    private Workplace workplace(ImageSet sample, Normalisation normalisation) throws IOException {
        ConvNet network = new ConvNet(
                sample.shape(),
                sample.classes().size(),
                settings.network().width(),
                settings.network().depth());
        String fingerprint = Digest.of()
                .text(sample.classes().toString())
                .text(sample.shape().toString())
                .text(normalisation.toString())
                .text(settings.network().toString())
                .text(AugmentationFamily.format(settings.augmentation()))
                .text(settings.experts().toString())
                .text(Long.toString(settings.seed()))
                .hex()
                .substring(0, 16);
        Path place = directory.resolve(fingerprint);
        return new Workplace(
                place, new TrajectoryBuffer(place), network, new Augmentation(settings.augmentation(), sample.shape()));
    }

    private void requireEnough(ImageSet sample, ImageSet heldOut) {
        if (heldOut.size() == 0) {
            throw new IllegalArgumentException("there are no held-out images to judge the set on");
        }
        if (!sample.classes().equals(heldOut.classes()) || !sample.shape().equals(heldOut.shape())) {
            throw new IllegalArgumentException("sample and held-out images differ in classes or shape");
        }
        int[] counts = new int[sample.classes().size()];
        Arrays.stream(sample.labels()).forEach(label -> counts[label]++);
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] < settings.imagesPerClass()) {
                throw new InvalidSettingsException(
                        "images-per-class",
                        "is " + settings.imagesPerClass() + ", but class '"
                                + sample.classes().get(c) + "' has only " + counts[c]
                                + " images in the sample; lower it or wait for more images");
            }
        }
    }

    private static long note(Map<Stage, Duration> durations, Stage stage, long begun) {
        long now = System.nanoTime();
        durations.put(stage, Duration.ofNanos(now - begun));
        return now;
    }
}
