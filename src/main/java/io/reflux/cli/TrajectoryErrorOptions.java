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
import picocli.CommandLine.Option;

/** Another question about a set: how far a student trained on it strays from an expert. */
final class TrajectoryErrorOptions {
    private static final DistillationSettings USUAL = DistillationSettings.cpuSmall();
    private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

    @Option(
            names = "--trajectory-error",
            description =
                    "Measure the set's accumulated trajectory error instead: how far a student that is trained on the"
                            + " set, segment by segment, strays from fresh experts trained on the sample, flat and plain ones.")
    private boolean requested;

    @Option(names = "--experts", paramLabel = "N", description = "Experts of each kind" + DEFAULT)
    private int experts = USUAL.experts().count();

    @Option(names = "--expert-epochs", paramLabel = "N", description = "Epochs of an expert" + DEFAULT)
    private int expertEpochs = USUAL.experts().epochs();

    @Option(names = "--expert-rate", paramLabel = "RATE", description = "Learning rate of experts" + DEFAULT)
    private double expertRate = USUAL.experts().learningRate();

    @Option(names = "--flatness", paramLabel = "RHO", description = "Of the flat experts" + DEFAULT)
    private double flatness = USUAL.experts().flatness();

    @Option(
            names = "--inner-steps",
            paramLabel = "N",
            description = "Steps on the set in a segment; take what the set was distilled with" + DEFAULT)
    private int innerSteps = USUAL.matching().innerSteps();

    @Option(
            names = "--matched-epochs",
            paramLabel = "M",
            description = "Expert epochs in a segment; take what the set was distilled with" + DEFAULT)
    private int matchedEpochs = USUAL.matching().matchedEpochs();

    @Option(names = "--inner-batch", paramLabel = "N", description = "Synthetic images a step; 0 takes all" + DEFAULT)
    private int innerBatch = USUAL.matching().batch();

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
        if (matchedEpochs > expertEpochs) {
            throw CommandException.usage("--matched-epochs is " + matchedEpochs + ", but an expert has " + expertEpochs
                    + " epochs; lower it, or raise --expert-epochs");
        }
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("matching.max-start-epoch", "1");
        changes.put("experts.epochs", Integer.toString(expertEpochs));
        changes.put("experts.count", Integer.toString(experts));
        changes.put("experts.per-round", "0");
        changes.put("experts.learning-rate", Double.toString(expertRate));
        changes.put("experts.flatness", Double.toString(flatness));
        changes.put("matching.inner-steps", Integer.toString(innerSteps));
        changes.put("matching.matched-epochs", Integer.toString(matchedEpochs));
        changes.put("matching.batch", Integer.toString(innerBatch));
        return SettingsProperties.apply(USUAL, changes);
    }
}
