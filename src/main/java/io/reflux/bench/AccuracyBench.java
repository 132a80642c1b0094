package io.reflux.bench;

import io.reflux.console.SetFile;
import io.reflux.console.StageMeters;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.distill.Accuracy;
import io.reflux.distill.Distillation;
import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.DistillationFailedException;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.Evaluation;
import io.reflux.image.DataSet;
import io.reflux.image.ImageSet;
import io.reflux.nn.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Measures what accuracy a budget of time buys. One distillation serves all its budgets: when its active time, experts
 * included, reaches one, it stops, its set is judged off the clock, and it goes on to the next. Cells that are finished
 * are not measured again, and what was interrupted goes on from its checkpoint.
 */
final class AccuracyBench {
    private static final double SECONDS = 60;
    private final Path work;
    private final BudgetCells cells;
    private final BudgetBaselines baselines;
    private final Compute compute;
    private final Terminal terminal;
    private final BooleanSupplier interrupted;
    private final LongSupplier nanoTime;

    AccuracyBench(
            Path work,
            BudgetCells cells,
            BudgetBaselines baselines,
            Compute compute,
            Terminal terminal,
            BooleanSupplier interrupted,
            LongSupplier nanoTime) {
        this.work = work;
        this.cells = cells;
        this.baselines = baselines;
        this.compute = compute;
        this.terminal = terminal;
        this.interrupted = interrupted;
        this.nanoTime = nanoTime;
    }

    /** All cells of a run that are not finished, and the baselines beside it. */
    void measure(BudgetRun run, DataSet data) throws IOException {
        ImageSet sample = data.train().perClass(run.perClass(), run.settings().seed());
        for (double minutes : run.minutes()) {
            if (!cells.has(run, minutes)) {
                terminal.note(run.name() + ": " + BudgetTable.minutes(minutes) + " minutes");
                cells.add(cell(run, minutes, sample, data.test()).stream().toList());
            }
            if (!cells.hasBaselines(run) && Files.exists(setFile(run, minutes))) {
                terminal.note(run.contest() + ": baselines");
                cells.add(baselines(run, setFile(run, minutes), sample, data.test()));
            }
        }
    }

    private Optional<BudgetCell> cell(BudgetRun run, double minutes, ImageSet sample, ImageSet test)
            throws IOException {
        BudgetClock clock = BudgetClock.open(folder(run).resolve("clock.json"), nanoTime);
        if (clock.beyond(minutes * SECONDS)) {
            terminal.note("left out: " + run.name() + " is " + Table.decimal(clock.seconds() / SECONDS, 1)
                    + " minutes old, so its set at that budget is gone; measure it in another place (--work)");
            return Optional.empty();
        }
        Optional<String> failure = cells.failure(run);
        return Optional.of(
                failure.isPresent()
                        ? BudgetCell.failed(run, minutes, clock, failure.get())
                        : cell(run, minutes, clock, sample, test));
    }

    private BudgetCell cell(BudgetRun run, double minutes, BudgetClock clock, ImageSet sample, ImageSet test)
            throws IOException {
        try {
            BudgetMonitor.Reached reached = reach(run, clock, minutes * SECONDS, sample, test);
            if (reached.iterations() == 0) {
                return BudgetCell.empty(run, minutes, clock);
            }
            SetFile.of(setFile(run, minutes)).write(reached.set());
            return BudgetCell.judged(run, minutes, clock, reached.iterations(), accuracy(run, reached.set(), test));
        } catch (DistillationFailedException e) {
            terminal.note(run.name() + " failed: " + e.getMessage());
            return BudgetCell.failed(run, minutes, clock, String.valueOf(e.getMessage()));
        }
    }

    private BudgetMonitor.Reached reach(BudgetRun run, BudgetClock clock, double budget, ImageSet sample, ImageSet test)
            throws IOException {
        clock.start(budget);
        try (BudgetMonitor monitor = new BudgetMonitor(clock, budget, interrupted, terminal)) {
            while (monitor.reached().isEmpty()) {
                try {
                    DistilledSet all = new Distillation(run.settings(), folder(run), compute)
                            .run(sample, test, null, monitor)
                            .set();
                    return new BudgetMonitor.Reached(run.settings().matching().iterations(), all);
                } catch (DistillationCancelledException e) {
                    if (interrupted.getAsBoolean()) {
                        throw e;
                    }
                }
            }
            return monitor.reached().orElseThrow();
        } finally {
            clock.stop();
        }
    }

    private Accuracy accuracy(BudgetRun run, DistilledSet set, ImageSet test) {
        try (StageMeters meters = new StageMeters(terminal, interrupted)) {
            return new Evaluation(run.settings().evaluation(), run.settings().seed(), compute)
                    .distilled(set, test, meters);
        }
    }

    private List<BudgetCell> baselines(BudgetRun run, Path file, ImageSet sample, ImageSet test) throws IOException {
        DistilledSet set = SetFile.read(file);
        try (StageMeters meters = new StageMeters(terminal, interrupted)) {
            return baselines
                    .judge(set, run.settings().evaluation(), run.settings().seed(), sample, test, meters)
                    .entrySet()
                    .stream()
                    .map(row -> BudgetCell.baseline(run, row.getKey(), row.getValue(), run.evaluateCommand(file)))
                    .toList();
        }
    }

    private Path folder(BudgetRun run) {
        return work.resolve(run.name());
    }

    private Path setFile(BudgetRun run, double minutes) {
        return folder(run).resolve("set-" + BudgetTable.minutes(minutes) + "min.safetensors");
    }
}
