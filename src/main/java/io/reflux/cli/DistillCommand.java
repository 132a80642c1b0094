package io.reflux.cli;

import io.reflux.console.AccuracyTable;
import io.reflux.console.CommandException;
import io.reflux.console.ComputeOptions;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.DataOptions;
import io.reflux.console.Figures;
import io.reflux.console.Interruption;
import io.reflux.console.JsonOption;
import io.reflux.console.OutputPath;
import io.reflux.console.SetFile;
import io.reflux.console.StageMeters;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.distill.Distillation;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistillationSettings;
import io.reflux.image.DataSet;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Distils a data set on disk, without Kafka. */
@Command(
        name = "distill",
        sortOptions = false,
        description = "Distils a data set on disk, without Kafka, and judges the result on its test images.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux distill --data fashion-mnist --out set.safetensors",
            "  reflux distill --data cifar10 --ipc 10 --per-class 1000 --iterations 2000 --out set.safetensors",
            "  reflux distill --data cifar10 --preset cifar10-ipc10 --out set.safetensors   as published",
            "  reflux distill --out set.npz                         drawn images",
            "  reflux distill --out set.npz --set experts.epochs=12 --set matching.max-start-epoch=8",
            "",
            "Ctrl-C saves the work so far; the same command goes on from there."
        })
final class DistillCommand extends ConsoleCommand {
    private static final int SMALL_SAMPLE = 300;

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the set goes: FILE.safetensors, FILE.npz, or a folder of PNGs with a contact sheet.")
    private @Nullable Path out;

    @Mixin
    private DistillationOptions options = new DistillationOptions();

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Training images taken of each class, drawn by the seed (default: " + SMALL_SAMPLE
                    + "; all with a published preset).")
    private @Nullable Integer askedPerClass;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "${env:REFLUX_WORK:-data/distill}",
            description = "Where trajectories and checkpoints are kept (default: $REFLUX_WORK, else data/distill).")
    private Path work = Path.of("data", "distill");

    @Mixin
    private ComputeOptions computing = new ComputeOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        DistillationSettings settings = options.settings();
        if (options.shown(settings, terminal)) {
            return;
        }
        if (out == null) {
            throw CommandException.usage("name the file to write by --out, such as --out set.safetensors");
        }
        SetFile file = SetFile.of(out);
        file.requireWritable();
        OutputPath.requireFolder(work);
        json.prepare(terminal);
        int perClass = options.perClass(askedPerClass, SMALL_SAMPLE);
        if (perClass < settings.imagesPerClass()) {
            throw CommandException.usage("--per-class is " + perClass + ", fewer than the " + settings.imagesPerClass()
                    + " images per class the set shall have");
        }
        Compute compute = computing.compute();
        DataSet source = data.load(terminal, settings.seed());
        options.preset().requireFits(source.train());
        ImageSet sample = source.train().perClass(perClass, settings.seed());
        long started = System.nanoTime();
        DistillationResult result = distil(settings, sample, source.test(), compute, terminal);
        file.write(result.set());
        report(result, file, sample.size(), Duration.ofNanos(System.nanoTime() - started), terminal);
    }

    private DistillationResult distil(
            DistillationSettings settings, ImageSet sample, ImageSet test, Compute compute, Terminal terminal)
            throws IOException {
        try (Interruption interruption = new Interruption(terminal)) {
            try (StageMeters meters = new StageMeters(terminal, interruption::requested)) {
                return new Distillation(settings, work, compute).run(sample, test, null, meters);
            } catch (DistillationCancelledException e) {
                terminal.note("stopped; the work so far is in " + work + ", and the same command goes on from there");
                throw e;
            }
        }
    }

    private void report(DistillationResult result, SetFile file, long sampleSize, Duration whole, Terminal terminal) {
        AccuracyTable accuracies =
                new AccuracyTable(result.report(), result.set().size(), sampleSize);
        Table table = new Table();
        accuracies.addTo(table);
        table.gap();
        Figures figures = new Figures()
                .put("images.in", sampleSize)
                .put("images.out", result.set().size())
                .put("loss", result.loss());
        accuracies.addTo(figures);
        new EnumMap<>(result.durations()).forEach((stage, duration) -> {
            String name = stage.name().toLowerCase(Locale.ROOT);
            table.row(name, Table.decimal(seconds(duration), 1) + " s");
            figures.put("seconds." + name, seconds(duration));
        });
        table.row("total", Table.decimal(seconds(whole), 1) + " s");
        figures.put("seconds.total", seconds(whole));
        terminal.print(table);
        terminal.print("written to " + file.path());
        json.write(figures, terminal);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
