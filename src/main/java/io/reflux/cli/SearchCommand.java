package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.console.ComputeOptions;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.DataOptions;
import io.reflux.console.Figures;
import io.reflux.console.Interruption;
import io.reflux.console.JsonOption;
import io.reflux.console.OutputPath;
import io.reflux.console.SetFile;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSearch;
import io.reflux.distill.SearchReport;
import io.reflux.distill.SearchSettings;
import io.reflux.distill.SearchSpace;
import io.reflux.image.DataSet;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Searches for a network with a distilled set in place of the data, and tells how far the set can be trusted with it. */
@Command(
        name = "search",
        sortOptions = false,
        description = {
            "Ranks networks by training them on a distilled set, and compares the ranking with that on real images.",
            "The networks are the 720 ConvNets of the dataset-distillation papers, or some of them. Each is trained on the"
                    + " set and on the real images it stands for, and tested on the data set's test images."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux search --set set.safetensors --data fashion-mnist --space 'width=32;depth=2,3' --random-proxy",
            "  reflux search --set set.safetensors --data cifar10 --networks 40 --out found --json figures.json",
            "  reflux search --set set.safetensors --data cifar10 --networks 720 --per-class 5000 --real-epochs 200",
            "",
            "Ctrl-C keeps the networks that are finished; the same command goes on from there."
        })
final class SearchCommand extends ConsoleCommand {
    @Option(
            names = "--set",
            required = true,
            paramLabel = "FILE",
            description = "The set, a .safetensors file that 'reflux distill' or 'reflux consume' wrote.")
    private Path file = Path.of("set.safetensors");

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private SearchOptions options = new SearchOptions();

    @Option(
            names = "--per-class",
            paramLabel = "N",
            description = "Real images of each class to train on, drawn by the seed"
                    + " (default: 300, or as many as the set has).")
    private @Nullable Integer perClass;

    @Option(
            names = "--test-per-class",
            paramLabel = "N",
            description = "Test images of each class, drawn by the seed (default: all).")
    private @Nullable Integer testPerClass;

    @Option(
            names = "--top",
            paramLabel = "K",
            split = ",",
            defaultValue = "5,10,20",
            description = "Numbers of best networks to correlate the rankings of (default: ${DEFAULT-VALUE}).")
    private List<Integer> tops = List.of();

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Draws networks and images, and initialises (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "${env:REFLUX_WORK:-data/search}",
            description = "Where finished networks are noted (default: $REFLUX_WORK, else data/search).")
    private Path work = Path.of("data", "search");

    @Option(names = "--out", paramLabel = "DIR", description = "Write the ranking of all networks to DIR/ranking.csv.")
    private @Nullable Path out;

    @Mixin
    private ComputeOptions computing = new ComputeOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        SearchSpace space = options.space(seed);
        requirePossible(terminal);
        DistilledSet set = SetFile.read(file);
        Compute compute = computing.compute();
        DataSet source = data.load(terminal, seed);
        requireShape(set, source);
        ImageSet sample = RealImages.of(source.train(), set, perClass, seed);
        ImageSet test = ClassOrder.of(source.test(), set.classes());
        SearchSettings settings = options.settings(set, sample.size(), seed);
        long started = System.nanoTime();
        SearchReport report = search(
                settings,
                space,
                set,
                sample,
                testPerClass == null ? test : test.perClass(testPerClass, seed),
                compute,
                terminal);
        report(report, Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0, terminal);
    }

    private SearchReport search(
            SearchSettings settings,
            SearchSpace space,
            DistilledSet set,
            ImageSet sample,
            ImageSet test,
            Compute compute,
            Terminal terminal)
            throws IOException {
        terminal.note(space.networks().size() + " networks, each trained on " + set.size() + " distilled and "
                + Table.count(sample.size()) + " real images");
        try (Interruption interruption = new Interruption(terminal)) {
            try {
                return new NetworkSearch(settings, work, compute)
                        .run(space.networks(), set, sample, test, new SearchLines(terminal, interruption::requested));
            } catch (DistillationCancelledException e) {
                terminal.note(
                        "stopped; finished networks are in " + work + ", and the same command goes on from there");
                throw e;
            }
        }
    }

    private void requirePossible(Terminal terminal) {
        RealImages.check(perClass);
        if (testPerClass != null && testPerClass < 1) {
            throw CommandException.usage("--test-per-class is " + testPerClass + ", must be at least 1");
        }
        for (int top : tops) {
            if (top < 2) {
                throw CommandException.usage("--top has " + top + ", but an order takes at least 2 networks");
            }
        }
        OutputPath.requireFolder(work);
        if (out != null) {
            OutputPath.requireFolder(out);
        }
        json.prepare(terminal);
    }

    private void requireShape(DistilledSet set, DataSet source) {
        if (!set.shape().equals(source.test().shape())) {
            throw CommandException.failure("the set in " + file + " has images of shape " + set.shape() + ", those of "
                    + source.name() + " have " + source.test().shape()
                    + ": name the data set it was made from by --data");
        }
    }

    private void report(SearchReport report, double seconds, Terminal terminal) {
        SearchTables tables = new SearchTables(report, tops);
        int shown = tops.stream().mapToInt(top -> top).max().orElse(20);
        for (Table table : List.of(tables.ranking(shown), tables.correlations(), tables.choices())) {
            terminal.print(table);
            terminal.print("");
        }
        terminal.print("total " + Table.decimal(seconds, 1) + " s");
        if (out != null) {
            OutputPath.write(out.resolve("ranking.csv"), tables.csv());
            terminal.print("written to " + out.resolve("ranking.csv"));
        }
        Figures figures = new Figures().put("seconds.total", seconds);
        tables.addTo(figures);
        json.write(figures, terminal);
    }
}
