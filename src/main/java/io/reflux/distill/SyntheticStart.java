package io.reflux.distill;

import io.reflux.image.ImageSet;
import io.reflux.nn.Draws;
import io.reflux.nn.Normalisation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the synthetic images begin, class-major: random real images of their class, or the images of a former set for
 * the classes that it has.
 */
final class SyntheticStart {
    private final DistillationSettings settings;
    private final ImageSet sample;
    private final Normalisation normalisation;

    SyntheticStart(DistillationSettings settings, ImageSet sample, Normalisation normalisation) {
        this.settings = settings;
        this.sample = sample;
        this.normalisation = normalisation;
    }

    /** Class index of each synthetic image. */
    int[] labels() {
        int[] labels = new int[sample.classes().size() * settings.imagesPerClass()];
        Arrays.setAll(labels, i -> i / settings.imagesPerClass());
        return labels;
    }

    /** Normalised [n,C,H,W]. */
    float[] images(@Nullable DistilledSet warmStart) {
        float[] images = realImages();
        if (warmStart != null && warmStart.shape().equals(sample.shape())) {
            copyFormer(warmStart, images);
        }
        return images;
    }

    double rate(@Nullable DistilledSet warmStart) {
        return warmStart == null
                ? settings.matching().initialRate()
                : warmStart.recipe().learningRate();
    }

    private float[] realImages() {
        int[] chosen = new int[sample.classes().size() * settings.imagesPerClass()];
        for (int c = 0; c < sample.classes().size(); c++) {
            int[] candidates = sample.indicesOf(c);
            int[] order = Draws.of(settings.seed(), "start-images", c, 0).permutation(candidates.length);
            for (int i = 0; i < settings.imagesPerClass(); i++) {
                chosen[c * settings.imagesPerClass() + i] = candidates[order[i]];
            }
        }
        return normalisation.apply(sample.select(chosen).pixels(), sample.shape());
    }

    private void copyFormer(DistilledSet former, float[] images) {
        int size = sample.shape().size();
        int[] copied = new int[sample.classes().size()];
        for (int i = 0; i < former.size(); i++) {
            int c = sample.classes().indexOf(former.classes().get(former.classOf(i)));
            if (c >= 0 && copied[c] < settings.imagesPerClass()) {
                int to = c * settings.imagesPerClass() + copied[c];
                System.arraycopy(former.images(), i * size, images, to * size, size);
                copied[c]++;
            }
        }
    }
}
