package io.reflux.rounds;

import io.quarkus.arc.Unremovable;
import io.reflux.config.ConfiguredSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.distill.Distillation;
import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.RunMonitor;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The engine of the service: the core, on the device of this process. */
@Singleton
class CoreEngine implements DistillationEngine {
    private static final String GPU = "gpu";
    private final Compute compute;
    private final ConfiguredSettings configured;
    private final int niceness;

    @Inject
    CoreEngine(RefluxConfig config, Compute compute) {
        this.compute = compute;
        this.configured = new ConfiguredSettings(config);
        this.niceness = config.rounds().niceness();
    }

    /** Where this process computes; the commands ask for it too. */
    @Produces
    @Singleton
    @Unremovable
    static Compute compute(RefluxConfig config) {
        return new Compute(
                config.device(),
                config.threads().orElse(Runtime.getRuntime().availableProcessors()),
                config.activationMemory());
    }

    /** A processor is always there, so only a GPU is worth loading PyTorch for at the start. */
    @Override
    public void check() {
        if (compute.device().startsWith(GPU)) {
            compute.requirePresent();
        }
    }

    @Override
    public void load() {
        Niceness.take(niceness);
        compute.requirePresent();
    }

    @Override
    public DistillationResult run(
            DistillationSettings settings,
            Path directory,
            ImageSet sample,
            ImageSet heldOut,
            @Nullable DistilledSet warmStart,
            RunMonitor monitor)
            throws IOException {
        configured.preset().ifPresent(preset -> preset.requireFits(sample));
        Niceness.take(niceness);
        return new Distillation(settings, directory, compute).run(sample, heldOut, warmStart, monitor);
    }
}
