package io.reflux.console;

import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSettings;
import io.reflux.distill.StudentRecipe;
import io.reflux.image.ImageShape;
import io.reflux.nn.AugmentationFamily;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.ZcaFit;
import io.reflux.nn.ZcaNormalisation;
import java.util.List;

/** Distilled sets small enough to write by hand. */
public final class TinySets {
    /** Four 1×2×2 images. */
    static final byte[] PIXELS = {0, 17, (byte) 255, 90, 40, (byte) 200, 3, 77, 9, 8, 7, 6, (byte) 140, 64, 31, 11};

    private TinySets() {}

    /** The images of {@link #PIXELS}, two of each class, whitened. */
    static DistilledSet whitened() {
        DistilledSet plain = ofTwoClasses();
        ZcaNormalisation zca = new ZcaFit(PIXELS, plain.shape(), ZcaNormalisation.EPSILON, (step, total) -> {}).run(1);
        return new DistilledSet(
                plain.shape(), plain.classes(), zca, zca.apply(PIXELS, plain.shape()), plain.labels(), plain.recipe());
    }

    /** Two classes, two 1×2×2 images each, values 0, 1, 2, … tenths. */
    public static DistilledSet ofTwoClasses() {
        float[] images = new float[16];
        for (int i = 0; i < images.length; i++) {
            images[i] = i / 10f;
        }
        return new DistilledSet(
                new ImageShape(1, 2, 2),
                List.of("cat", "dog/wolf"),
                new ChannelNormalisation(new float[] {0.5f}, new float[] {0.25f}),
                images,
                new float[] {1, 0, 1, 0, 0, 1, 0, 1},
                new StudentRecipe(0.02, 0.9, 5e-4, 10, 256, AugmentationFamily.all(), new NetworkSettings(8, 1)));
    }
}
