package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.ComputeOptions;
import io.reflux.console.ConsoleCommand;
import io.reflux.console.DataOptions;
import io.reflux.console.Interruption;
import io.reflux.console.JsonOption;
import io.reflux.console.OutputPath;
import io.reflux.console.Terminal;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.SettingsProperties;
import io.reflux.image.DataSet;
import io.reflux.nn.Compute;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What accuracy a budget of this machine's time buys, as a table. */
@Command(
        name = "accuracy",
        sortOptions = false,
        description = {
            "Measures the accuracy of students on sets distilled in a budget of time, experts included, beside real"
                    + " images.",
            "It can be left alone: finished cells are kept in the work directory and skipped, and what was interrupted"
                    + " goes on where it was."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  reflux bench accuracy --data fashion-mnist,cifar10",
            "  reflux bench accuracy --data cifar10 --minutes 5 --ipc 1 --methods ftd --set experts.count=5",
            "  reflux bench accuracy --report --out results.md      what is finished so far",
            "",
            "Measure after an update in another work directory: it is not known which cells it would change."
        })
final class BenchAccuracyCommand extends ConsoleCommand {
    private static final int FEWEST_STUDENTS = 3;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            split = ",",
            description = "Data sets, separated by commas; without it, images are drawn.")
    private List<Path> data = new ArrayList<>();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            split = ",",
            defaultValue = "5,15,45",
            description = "Budgets in minutes, evaluation not counted (default: ${DEFAULT-VALUE}).")
    private List<Double> minutes = new ArrayList<>();

    @Option(
            names = "--mtt-minutes",
            paramLabel = "N",
            split = ",",
            defaultValue = "15",
            description = "Budgets of mtt (default: ${DEFAULT-VALUE}).")
    private List<Double> mttMinutes = new ArrayList<>();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            defaultValue = "wall",
            description = "What minutes are minutes of: wall, or processor (processor time shared by the threads, which"
                    + " a busy machine does not change; default: ${DEFAULT-VALUE}).")
    private BudgetTime time = BudgetTime.WALL;

    @Option(
            names = "--ipc",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,10",
            description = "Synthetic images per class (default: ${DEFAULT-VALUE}).")
    private List<Integer> imagesPerClass = new ArrayList<>();

    @Option(
            names = "--methods",
            paramLabel = "METHOD",
            split = ",",
            description = "ftd (flat trajectories), ftd-soft (with learned labels), mtt (plain ones); default: all.")
    private List<String> methods = new ArrayList<>();

    @Option(
            names = {"--seed", "--seeds"},
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            description = "Seeds; each is a table of its own (default: ${DEFAULT-VALUE}).")
    private List<Long> seeds = new ArrayList<>();

    @Option(
            names = "--per-class",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Training images taken of each class, drawn by the seed (default: ${DEFAULT-VALUE}).")
    private int perClass;

    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "32",
            description = "Channels of the network that is distilled with (default: ${DEFAULT-VALUE}).")
    private int width;

    @Option(
            names = "--students",
            paramLabel = "N",
            defaultValue = "3",
            description = "Students of each row, at least 3 (default: ${DEFAULT-VALUE}).")
    private int students;

    @Option(
            names = "--set",
            paramLabel = "PROPERTY=VALUE",
            description = "Any other setting of all distillations, as in 'reflux distill'; may be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "data/bench",
            description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
    private Path work = Path.of("data", "bench");

    @Option(names = "--report", description = "Measure nothing; print the table of what is finished.")
    private boolean reportOnly;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the table as a Markdown file too.")
    private @Nullable Path out;

    @Mixin
    private ComputeOptions computing = new ComputeOptions();

    @Mixin
    private JsonOption json = new JsonOption();

    @Override
    protected void run(Terminal terminal) throws Exception {
        BudgetPlan plan = plan();
        OutputPath.requireFolder(work);
        BudgetCells cells = BudgetCells.in(work);
        if (out != null) {
            OutputPath.requireFile(out);
        }
        json.prepare(terminal);
        if (!reportOnly) {
            measure(plan, cells, terminal);
        }
        report(cells, terminal);
    }

    private void measure(BudgetPlan plan, BudgetCells cells, Terminal terminal) throws IOException {
        try (Interruption interruption = new Interruption(terminal)) {
            Compute compute = computing.compute();
            AccuracyBench bench = new AccuracyBench(
                    work,
                    cells,
                    new RealImageBaselines(compute),
                    compute,
                    terminal,
                    interruption::requested,
                    time.clock(compute.threads()));
            try {
                measure(plan, bench, terminal);
            } catch (DistillationCancelledException e) {
                terminal.note("stopped; what is done is in " + work + ", and the same command goes on from there");
                throw e;
            }
        }
    }

    private void measure(BudgetPlan plan, AccuracyBench bench, Terminal terminal) throws IOException {
        if (data.isEmpty()) {
            for (long seed : plan.seeds()) {
                measure(plan.runs(null, seed, "drawn"), bench, DataOptions.load(null, terminal, seed));
            }
        }
        for (Path folder : data) {
            DataSet source = DataOptions.load(folder, terminal, 0);
            for (long seed : plan.seeds()) {
                measure(plan.runs(folder, seed, source.name()), bench, source);
            }
        }
    }

    private static void measure(List<BudgetRun> runs, AccuracyBench bench, DataSet source) throws IOException {
        for (BudgetRun run : runs) {
            bench.measure(run, source);
        }
    }

    private void report(BudgetCells cells, Terminal terminal) throws IOException {
        String table = BudgetTable.of(cells.all());
        terminal.print(table);
        if (out != null) {
            OutputPath.write(out, (table + "\n").getBytes(StandardCharsets.UTF_8));
        }
        json.write(cells.json(), terminal);
    }

    private BudgetPlan plan() {
        BudgetPlan.OWN.forEach(name -> {
            if (properties.containsKey(name) || properties.containsKey(SettingsProperties.PREFIX + name)) {
                throw CommandException.usage("--set names " + name + ", which this command decides itself: see --ipc,"
                        + " --seed, --width, --students and --minutes");
            }
        });
        requirePositive("--minutes", minutes);
        requirePositive("--mtt-minutes", mttMinutes);
        requirePositive("--ipc", imagesPerClass);
        if (students < FEWEST_STUDENTS) {
            throw CommandException.usage("--students is " + students + ", must be at least " + FEWEST_STUDENTS
                    + ": the spread of fewer says nothing");
        }
        imagesPerClass.forEach(ipc -> {
            if (perClass < ipc) {
                throw CommandException.usage("--per-class is " + perClass + ", fewer than the " + ipc
                        + " images per class the set shall have");
            }
        });
        List<BudgetMethod> chosen = (methods.isEmpty() ? BudgetMethod.labels() : methods)
                .stream().map(BudgetMethod::named).distinct().toList();
        BudgetPlan plan = new BudgetPlan(
                minutes,
                mttMinutes,
                imagesPerClass.stream().distinct().toList(),
                chosen,
                seeds.stream().distinct().toList(),
                perClass,
                width,
                students,
                computing.threads(),
                time,
                properties);
        plan.requireUsable();
        return plan;
    }

    private static void requirePositive(String option, List<? extends Number> values) {
        for (Number value : values) {
            if (!(value.doubleValue() > 0)) {
                throw CommandException.usage(option + " is " + value + ", must be positive");
            }
        }
    }
}
