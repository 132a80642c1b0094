package io.reflux.rounds;

import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.RunMonitor;
import io.reflux.image.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What turns a sample into a distilled set; blocks until it is done. */
interface DistillationEngine {
    /** @throws IllegalArgumentException when what it computes on is not there, naming the property */
    void check();

    /**
     * Makes itself ready to compute, on the thread that calls.
     *
     * @throws RuntimeException or a {@link LinkageError} when it cannot
     */
    void load();

    /**
     * @param directory cache of trajectories and checkpoints of the feed
     * @param warmStart the last set, or null
     * @throws IOException when the directory cannot be used
     */
    DistillationResult run(
            DistillationSettings settings,
            Path directory,
            ImageSet sample,
            ImageSet heldOut,
            @Nullable DistilledSet warmStart,
            RunMonitor monitor)
            throws IOException;
}
