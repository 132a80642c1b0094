package io.reflux.cli;

import io.reflux.console.AccuracyTable;
import io.reflux.console.CommandException;
import io.reflux.console.ComputeOptions;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.DataOptions;
import io.reflux.console.Figures;
import io.reflux.console.JsonOption;
import io.reflux.console.SetFile;
import io.reflux.console.StageMeters;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.distill.Accuracy;
import io.reflux.distill.Baseline;
import io.reflux.distill.Baselines;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.Evaluation;
import io.reflux.distill.EvaluationReport;
import io.reflux.distill.EvaluationSettings;
import io.reflux.image.DataSet;
import io.reflux.image.ImageSet;
import io.reflux.nn.Architecture;
import io.reflux.nn.Compute;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains students from a set's file alone and tests them on a data set's test images. */
@Command(
        name = "evaluate",
        sortOptions = false,
        description = {
            "Tells how good students become on a distilled set, beside real images.",
            "Trains fresh students on the set, on random real images of the same count, and on a whole sample, and tests"
                    + " them on the data set's test images, once, after the last epoch. The set's file says how to train"
                    + " on it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux evaluate --set set.safetensors --data fashion-mnist",
            "  reflux evaluate --set set.safetensors --data fashion-mnist --students 10 --json figures.json",
            "  reflux evaluate --set set.safetensors --data fashion-mnist --baselines",
            "  reflux evaluate --set set.safetensors --data cifar10 --net convnet,alexnet,vgg11,resnet18",
            "  reflux evaluate --set set.safetensors --data cifar10 --net resnet18 --epochs 100 --students 2",
            "  reflux evaluate --set set.safetensors --data fashion-mnist --trajectory-error --experts 3"
        })
final class EvaluateCommand extends ConsoleCommand {
    @Option(
            names = "--set",
            required = true,
            paramLabel = "FILE",
            description = "The set, a .safetensors file that 'reflux distill' or 'reflux consume' wrote.")
    private Path file = Path.of("set.safetensors");

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ComparisonOptions comparison = new ComparisonOptions();

    @Option(
            names = "--students",
            paramLabel = "N",
            defaultValue = "5",
            description = "Students of each row (default: ${DEFAULT-VALUE}).")
    private int students;

    @Option(
            names = "--random-draws",
            paramLabel = "N",
            defaultValue = "5",
            description = "Draws of random real images, a student each (default: ${DEFAULT-VALUE}).")
    private int randomDraws;

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Training images of each class in the whole sample, drawn by the seed"
                    + " (default: 300, or as many as the set has).")
    private @Nullable Integer perClass;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws images and initialises students (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private TrajectoryErrorOptions trajectoryError = new TrajectoryErrorOptions();

    @Mixin
    private ComputeOptions computing = new ComputeOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        json.prepare(terminal);
        RealImages.check(perClass);
        comparison.check(trajectoryError.requested());
        Compute compute = computing.compute();
        Set<Architecture> networks = comparison.networks();
        DistilledSet set = comparison.over(SetFile.read(file));
        ComparisonOptions.requireTaken(networks, set);
        EvaluationSettings settings = settings(set);
        DataSet source = data.load(terminal, seed);
        requireShape(set, source);
        ImageSet sample = RealImages.of(source.train(), set, perClass, seed);
        if (trajectoryError.requested()) {
            trajectoryError.run(set, sample, seed, compute, json, terminal);
            return;
        }
        ImageSet test = ClassOrder.of(source.test(), set.classes());
        long started = System.nanoTime();
        Table table = new Table();
        Figures figures = new Figures().put("images.out", (long) set.size()).put("images.sample", (long) sample.size());
        if (comparison.rows()) {
            AccuracyTable rows = rows(terminal, compute, settings, set, sample, test);
            rows.addTo(table);
            rows.addTo(figures);
        }
        if (comparison.rows() && !networks.isEmpty()) {
            table.gap();
        }
        if (!networks.isEmpty()) {
            NetworkTable rows = networks(terminal, compute, settings, set, test, networks);
            rows.addTo(table);
            rows.addTo(figures);
        }
        terminal.print(table);
        figures.put(
                "seconds.total", Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0);
        json.write(figures, terminal);
    }

    private AccuracyTable rows(
            Terminal terminal,
            Compute compute,
            EvaluationSettings settings,
            DistilledSet set,
            ImageSet sample,
            ImageSet test) {
        EvaluationReport report;
        try (StageMeters meters = new StageMeters(terminal, () -> false)) {
            report = new Evaluation(settings, seed, compute).evaluate(set, sample, test, meters);
        }
        Map<Baseline, Accuracy> baselines;
        try (StageMeters meters = new StageMeters(terminal, () -> false)) {
            baselines = new Baselines(settings, seed, compute)
                    .evaluate(comparison.baselines(), Baselines.Terms.of(set), sample, test, meters);
        }
        return new AccuracyTable(report, baselines, set.size(), sample.size());
    }

    private NetworkTable networks(
            Terminal terminal,
            Compute compute,
            EvaluationSettings settings,
            DistilledSet set,
            ImageSet test,
            Set<Architecture> networks) {
        try (StageMeters meters = new StageMeters(terminal, () -> false, "epochs")) {
            return new NetworkTable(new Evaluation(settings, seed, compute).distilled(set, test, networks, meters));
        }
    }

    private EvaluationSettings settings(DistilledSet set) {
        EvaluationSettings usual = DistillationSettings.cpuSmall().evaluation();
        return new EvaluationSettings(
                students,
                randomDraws,
                set.recipe().epochs(),
                set.recipe().batch(),
                usual.realRate(),
                usual.sampleSteps());
    }

    private void requireShape(DistilledSet set, DataSet source) {
        if (!set.shape().equals(source.test().shape())) {
            throw CommandException.failure("the set in " + file + " has images of shape " + set.shape() + ", those of "
                    + source.name() + " have " + source.test().shape()
                    + ": name the data set it was made from by --data");
        }
    }
}
