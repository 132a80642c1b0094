package io.reflux.rounds;

import io.reflux.distill.Accuracy;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.EvaluationReport;
import io.reflux.distill.Progress;
import io.reflux.distill.RunMonitor;
import io.reflux.distill.Stage;
import io.reflux.distill.StudentRecipe;
import io.reflux.distill.WhiteningSetting;
import io.reflux.image.ImageSet;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaFit;
import io.reflux.nn.ZcaNormalisation;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Takes no time: its set is one image a class, each pixel the number of the run. */
@Alternative
@Singleton
public class FakeEngine implements DistillationEngine {
    /** What a run was given. */
    public record Run(
            Path directory,
            int sample,
            int heldOut,
            @Nullable DistilledSet warmStart) {}

    public final List<Run> runs = new CopyOnWriteArrayList<>();

    /** Accuracy of the next results; random real images reach 0.5. */
    public volatile double accuracy = 0.8;

    /** Thrown by the next runs, unless null. */
    public volatile @Nullable RuntimeException failure;

    /** Whether runs go on until they are cancelled. */
    public volatile boolean endless;

    /** How far endless runs are, of ten; told again and again once it is more than one. */
    public volatile int iteration = 1;

    @Override
    public void check() {}

    @Override
    public void load() {}

    @Override
    public DistillationResult run(
            DistillationSettings settings,
            Path directory,
            ImageSet sample,
            ImageSet heldOut,
            @Nullable DistilledSet warmStart,
            RunMonitor monitor) {
        runs.add(new Run(directory, sample.size(), heldOut.size(), warmStart));
        monitor.report(new Progress(Stage.EXPERTS, 1, 1, 1.5));
        monitor.report(new Progress(Stage.MATCHING, 1, 10, 0.9));
        while (endless) {
            if (monitor.cancelled()) {
                throw new DistillationCancelledException("cancelled");
            }
            if (iteration > 1) {
                monitor.report(new Progress(Stage.MATCHING, iteration, 10, 0.9));
            }
            Thread.onSpinWait();
        }
        if (failure != null) {
            throw failure;
        }
        monitor.report(new Progress(Stage.MATCHING, 10, 10, 0.4));
        monitor.report(new Progress(Stage.EVALUATION, 3, 3, Double.NaN));
        return new DistillationResult(set(settings, sample, warmStart), report(), 0.4, Map.of());
    }

    private DistilledSet set(DistillationSettings settings, ImageSet sample, @Nullable DistilledSet warmStart) {
        int count = sample.classes().size();
        float[] images = new float[count * sample.shape().size()];
        Arrays.fill(images, runs.size());
        float[] labels = new float[count * count];
        for (int i = 0; i < count; i++) {
            labels[i * count + i] = 1;
        }
        Normalisation normalisation = normalisation(settings, sample, warmStart);
        StudentRecipe recipe = new StudentRecipe(0.02, 0.9, 5e-4, 10, 256, settings.augmentation(), settings.network());
        return new DistilledSet(sample.shape(), sample.classes(), normalisation, images, labels, recipe);
    }

    private static Normalisation normalisation(
            DistillationSettings settings, ImageSet sample, @Nullable DistilledSet warmStart) {
        if (warmStart != null) {
            return warmStart.normalisation();
        }
        return settings.whitening() == WhiteningSetting.NONE
                ? ChannelNormalisation.fit(sample.pixels(), sample.shape())
                : new ZcaFit(sample.pixels(), sample.shape(), ZcaNormalisation.EPSILON, (step, total) -> {}).run(1);
    }

    private EvaluationReport report() {
        return new EvaluationReport(
                new Accuracy(accuracy, 0.01, 3), new Accuracy(0.5, 0.05, 5), new Accuracy(0.9, 0.01, 3));
    }
}
