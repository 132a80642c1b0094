package io.reflux.cli;

import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.image.ImageShape;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.Normalisation;
import java.util.List;

/** Distilled sets small enough to write by hand. */
final class TinySets {
    private TinySets() {}

    /** Two classes, two 1×2×2 images each, values 0, 1, 2, … tenths. */
    static DistilledSet ofTwoClasses() {
        float[] images = new float[16];
        for (int i = 0; i < images.length; i++) {
            images[i] = i / 10f;
        }
        return new DistilledSet(
                new ImageShape(1, 2, 2),
                List.of("cat", "dog/wolf"),
                new Normalisation(new float[] {0.5f}, new float[] {0.25f}),
                images,
                new float[] {1, 0, 1, 0, 0, 1, 0, 1},
                new StudentRecipe(0.02, 0.9, 5e-4, 10, 256, AugmentationFamily.all(), new NetworkSettings(8, 1)));
    }
}
