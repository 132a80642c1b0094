package io.reflux.distill;

import ai.djl.ndarray.NDArray;
import io.reflux.image.ImageSet;
import io.reflux.nn.Normalisation;
import io.reflux.nn.TensorSession;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the synthetic set begins, class-major: real images of their class, or the images of a former set for the
 * classes that it has, and with them its labels where those are soft.
 */
final class SyntheticStart {
    private static final double SMALLEST_PROBABILITY = 1e-6;

    private final DistillationSettings settings;
    private final ImageSet sample;
    private final Normalisation normalisation;
    private final FinalExperts experts;
    private final @Nullable DistilledSet former;
    private final int[] origins;

    SyntheticStart(
            DistillationSettings settings,
            ImageSet sample,
            Normalisation normalisation,
            FinalExperts experts,
            @Nullable DistilledSet former) {
        this.settings = settings;
        this.sample = sample;
        this.normalisation = normalisation;
        this.experts = experts;
        this.former = former;
        this.origins = origins();
    }

    /** Normalised [n,C,H,W]. */
    float[] images() throws IOException {
        int size = sample.shape().size();
        boolean wanted = Arrays.stream(origins).anyMatch(origin -> origin < 0);
        float[] images = wanted ? real() : new float[origins.length * size];
        for (int i = 0; former != null && i < origins.length; i++) {
            if (origins[i] >= 0) {
                System.arraycopy(former.images(), origins[i] * size, images, i * size, size);
            }
        }
        return images;
    }

    private float[] real() throws IOException {
        int[] chosen = new RealStart(settings, sample, normalisation, experts).chosen();
        return normalisation.apply(sample.select(chosen).pixels(), sample.shape());
    }

    double rate() {
        return former == null
                ? settings.matching().initialRate()
                : former.recipe().learningRate();
    }

    /**
     * Label logits, [n,K] flattened; empty when labels are fixed.
     *
     * @param images that {@link #images()} gave
     */
    float[] logits(float[] images) throws IOException {
        if (!settings.matching().labels().learned()) {
            return new float[0];
        }
        int classes = sample.classes().size();
        float[] logits;
        try (NDArray placed =
                TensorSession.place(experts.manager(), images, TrainingImages.shape(origins.length, sample.shape()))) {
            logits = new LabelStart(experts, classes, settings.imagesPerClass()).logits(placed);
        }
        for (int i = 0; former != null && i < origins.length; i++) {
            if (origins[i] >= 0 && former.soft(origins[i])) {
                System.arraycopy(formerLogits(former, origins[i]), 0, logits, i * classes, classes);
            }
        }
        return logits;
    }

    /** Logits whose softmax is the label that a former image had; next to nothing for classes it did not know. */
    private float[] formerLogits(DistilledSet set, int image) {
        float[] logits = new float[sample.classes().size()];
        for (int k = 0; k < logits.length; k++) {
            int known = set.classes().indexOf(sample.classes().get(k));
            double probability =
                    known < 0 ? 0 : set.labels()[image * set.classes().size() + known];
            logits[k] = (float) Math.log(Math.max(probability, SMALLEST_PROBABILITY));
        }
        return logits;
    }

    /** For each synthetic image its index in the former set, −1 where it begins as a real one. */
    private int[] origins() {
        int[] from = new int[sample.classes().size() * settings.imagesPerClass()];
        Arrays.fill(from, -1);
        if (former == null || !former.shape().equals(sample.shape())) {
            return from;
        }
        List<String> classes = sample.classes();
        int[] copied = new int[classes.size()];
        for (int i = 0; i < former.size(); i++) {
            int c = classes.indexOf(former.classes().get(former.classOf(i)));
            if (c >= 0 && copied[c] < settings.imagesPerClass()) {
                from[c * settings.imagesPerClass() + copied[c]] = i;
                copied[c]++;
            }
        }
        return from;
    }
}
