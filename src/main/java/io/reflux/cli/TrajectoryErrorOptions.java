package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.Figures;
import io.reflux.console.Interruption;
import io.reflux.console.JsonOption;
import io.reflux.console.OutputPath;
import io.reflux.console.StageMeters;
import io.reflux.console.Terminal;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.SettingsProperties;
import io.reflux.distill.TrajectoryErrorReport;
import io.reflux.distill.TrajectoryErrorStudy;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Another question about a set: how far a student trained on it strays from an expert. */
final class TrajectoryErrorOptions {
    @Option(
            names = "--trajectory-error",
            description =
                    "Measure the set's accumulated trajectory error instead: how far a student that is trained on the"
                            + " set, segment by segment, strays from fresh experts trained on the sample, flat and plain ones.")
    private boolean requested;

    @Option(names = "--experts", paramLabel = "N", description = "Experts of each kind (default: 3).")
    private @Nullable Integer experts;

    @Option(names = "--expert-epochs", paramLabel = "N", description = "Epochs of an expert (default: 6).")
    private @Nullable Integer expertEpochs;

    @Option(names = "--expert-rate", paramLabel = "RATE", description = "Learning rate of experts (default: 0.02).")
    private @Nullable Double expertRate;

    @Option(names = "--flatness", paramLabel = "RHO", description = "Of the flat experts (default: 0.01).")
    private @Nullable Double flatness;

    @Option(
            names = "--inner-steps",
            paramLabel = "N",
            description = "Steps on the set in a segment; take what the set was distilled with (default: 15).")
    private @Nullable Integer innerSteps;

    @Option(
            names = "--matched-epochs",
            paramLabel = "M",
            description = "Expert epochs in a segment; take what the set was distilled with (default: 2).")
    private @Nullable Integer matchedEpochs;

    @Option(
            names = "--inner-batch",
            paramLabel = "N",
            description = "Synthetic images a step; 0 takes all (default: 0).")
    private @Nullable Integer innerBatch;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "${env:REFLUX_WORK:-data/distill}",
            description = "Where the experts are kept (default: $REFLUX_WORK, else data/distill).")
    private Path work = Path.of("data", "distill");

    boolean requested() {
        return requested;
    }

    /** Measures and prints. */
    void run(DistilledSet set, ImageSet sample, long seed, Compute compute, JsonOption json, Terminal terminal)
            throws IOException {
        DistillationSettings settings = settings().withSeed(seed);
        OutputPath.requireFolder(work);
        long started = System.nanoTime();
        TrajectoryErrorReport report = measure(settings, set, sample, compute, terminal);
        double seconds = Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
        TrajectoryErrorTable table =
                new TrajectoryErrorTable(report, settings.experts().count());
        terminal.print(table.text());
        Figures figures = new Figures().put("seconds.total", seconds);
        table.addTo(figures);
        json.write(figures, terminal);
    }

    private TrajectoryErrorReport measure(
            DistillationSettings settings, DistilledSet set, ImageSet sample, Compute compute, Terminal terminal)
            throws IOException {
        try (Interruption interruption = new Interruption(terminal)) {
            try (StageMeters meters = new StageMeters(terminal, interruption::requested)) {
                return new TrajectoryErrorStudy(settings, work, compute).measure(set, sample, meters);
            } catch (DistillationCancelledException e) {
                terminal.note("stopped; the experts are in " + work + ", and the same command goes on from there");
                throw e;
            }
        }
    }

    private DistillationSettings settings() {
        DistillationSettings usual = DistillationSettings.cpuSmall();
        int epochs = expertEpochs == null ? usual.experts().epochs() : expertEpochs;
        int matched = matchedEpochs == null ? usual.matching().matchedEpochs() : matchedEpochs;
        if (matched > epochs) {
            throw CommandException.usage("--matched-epochs is " + matched + ", but an expert has " + epochs
                    + " epochs; lower it, or raise --expert-epochs");
        }
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("matching.max-start-epoch", "1");
        put(changes, "experts.epochs", expertEpochs);
        put(changes, "experts.count", experts);
        changes.put("experts.per-round", "0");
        put(changes, "experts.learning-rate", expertRate);
        put(changes, "experts.flatness", flatness);
        put(changes, "matching.inner-steps", innerSteps);
        put(changes, "matching.matched-epochs", matchedEpochs);
        put(changes, "matching.batch", innerBatch);
        return SettingsProperties.apply(usual, changes);
    }

    private static void put(Map<String, String> changes, String name, @Nullable Object value) {
        if (value != null) {
            changes.put(name, value.toString());
        }
    }
}
