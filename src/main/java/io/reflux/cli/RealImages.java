package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.distill.ClassQuota;
import io.reflux.distill.DistilledSet;
import io.reflux.image.ImageSet;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** The real images that a distilled set is compared with. */
final class RealImages {
    private static final int PER_CLASS = 300;

    private RealImages() {}

    /** @throws CommandException when none were asked for */
    static void check(@Nullable Integer perClass) {
        if (perClass != null && perClass < 1) {
            throw CommandException.usage("--per-class is " + perClass + ", must be at least 1");
        }
    }

    /**
     * Images of the set's classes, in their order; of each class the same number, at least as many as the set has, since
     * as many random real ones are drawn from them.
     *
     * @param perClass that was asked for; null when nothing was said
     * @throws CommandException when fewer were asked for than the set has, or a class has no image
     */
    static ImageSet of(ImageSet images, DistilledSet set, @Nullable Integer perClass, long seed) {
        int most = Collections.max(ClassQuota.of(set).images());
        if (perClass != null && perClass < most) {
            throw CommandException.usage(
                    "--per-class is " + perClass + ", fewer than the " + most + " images of a class that the set has");
        }
        return ClassOrder.of(images, set.classes())
                .perClass(perClass == null ? Math.max(PER_CLASS, most) : perClass, seed);
    }
}
