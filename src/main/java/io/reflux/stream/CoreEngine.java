package io.reflux.stream;

import io.reflux.distill.Distillation;
import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.RunMonitor;
import io.reflux.image.ImageSet;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The engine of the service: the core, on the device of this process. */
@Singleton
class CoreEngine implements DistillationEngine {
    @Override
    public DistillationResult run(
            DistillationSettings settings,
            Path directory,
            ImageSet sample,
            ImageSet heldOut,
            @Nullable DistilledSet warmStart,
            RunMonitor monitor)
            throws IOException {
        return new Distillation(settings, directory).run(sample, heldOut, warmStart, monitor);
    }
}
