package io.reflux.console;

import io.reflux.distill.Progress;
import io.reflux.distill.RunMonitor;
import io.reflux.distill.Stage;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A meter for each stage of a distillation in turn. */
public final class StageMeters implements RunMonitor, AutoCloseable {
    private static final Map<Stage, String[]> NAMES = Map.of(
            Stage.WHITENING, new String[] {"whitening", "steps"},
            Stage.EXPERTS, new String[] {"training experts", "epochs"},
            Stage.MATCHING, new String[] {"distilling", "iterations"},
            Stage.EVALUATION, new String[] {"evaluating", "students"});

    private final Terminal terminal;
    private final BooleanSupplier cancelled;
    private final String evaluated;
    private @Nullable Stage stage;
    private Meter meter = Meter.SILENT;

    public StageMeters(Terminal terminal, BooleanSupplier cancelled) {
        this(terminal, cancelled, "students");
    }

    /** @param evaluated the unit of an evaluation's progress */
    public StageMeters(Terminal terminal, BooleanSupplier cancelled, String evaluated) {
        this.terminal = terminal;
        this.cancelled = cancelled;
        this.evaluated = evaluated;
    }

    @Override
    public synchronized void report(Progress progress) {
        if (progress.stage() != stage) {
            begin(progress);
        }
        String loss = Double.isFinite(progress.loss()) ? "loss " + Table.decimal(progress.loss(), 4) : "";
        meter.at(progress.done(), loss);
    }

    @Override
    public boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    @Override
    public synchronized void close() {
        meter.close();
        meter = Meter.SILENT;
        stage = null;
    }

    private void begin(Progress progress) {
        meter.close();
        stage = progress.stage();
        String[] names = NAMES.getOrDefault(progress.stage(), new String[] {"working", "steps"});
        String unit = stage == Stage.EVALUATION ? evaluated : names[1];
        meter = terminal.meter(names[0], unit, progress.total());
    }
}
