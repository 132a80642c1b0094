package io.reflux.bench;

import io.reflux.console.Meter;
import io.reflux.console.StageMeters;
import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.Progress;
import io.reflux.distill.RunMonitor;
import io.reflux.distill.Stage;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Stops matching when a budget is spent, and keeps the set of that moment. */
final class BudgetMonitor implements RunMonitor, AutoCloseable {
    private final BudgetClock clock;
    private final double budget;
    private final BooleanSupplier interrupted;
    private final Terminal terminal;
    private final StageMeters meters;
    private Meter meter = Meter.SILENT;
    private boolean matching;
    private long iteration;
    private long first;
    private Optional<Reached> reached = Optional.empty();

    /** A set and the iterations it came from. */
    record Reached(int iterations, DistilledSet set) {}

    /**
     * @param budget in seconds, only shown
     * @param interrupted whether a person wants to stop
     */
    BudgetMonitor(BudgetClock clock, double budget, BooleanSupplier interrupted, Terminal terminal) {
        this.clock = clock;
        this.budget = budget;
        this.interrupted = interrupted;
        this.terminal = terminal;
        this.meters = new StageMeters(terminal, interrupted);
    }

    Optional<Reached> reached() {
        return reached;
    }

    @Override
    public synchronized void report(Progress progress) {
        if (progress.stage() != Stage.MATCHING) {
            meters.report(progress);
            return;
        }
        if (!matching) {
            begin();
        }
        moveTo(progress.done());
        String loss = Double.isFinite(progress.loss()) ? ", loss " + Table.decimal(progress.loss(), 4) : "";
        meter.at((long) clock.seconds(), "iteration " + iteration + loss);
    }

    private void begin() {
        matching = true;
        clock.expertsDone();
        meters.close();
        meter = terminal.meter("distilling", "seconds", (long) budget);
    }

    /** After a divergence went back, only what was never reached before is taken: a run of that length ends there. */
    private void moveTo(long done) {
        if (done < iteration) {
            first = Math.max(first, iteration + 1);
        }
        iteration = done;
    }

    @Override
    public synchronized boolean cancelled() {
        return interrupted.getAsBoolean() || matching && iteration >= first && clock.spent();
    }

    @Override
    public void saving() {
        clock.save();
    }

    @Override
    public synchronized void stopped(int iterations, DistilledSet set) {
        moveTo(iterations);
        if (iterations >= first && !interrupted.getAsBoolean()) {
            reached = Optional.of(new Reached(iterations, set));
        }
    }

    @Override
    public synchronized void close() {
        meter.close();
        meters.close();
    }
}
