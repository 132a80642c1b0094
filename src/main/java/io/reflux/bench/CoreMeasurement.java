package io.reflux.bench;

import io.reflux.console.Terminal;
import io.reflux.distill.CoreBench;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Measures one part of the core in this process; a peak is that of the process up to the end of its part. */
final class CoreMeasurement {
    private static final double NANOS = 1e9;
    private final CoreOptions options;
    private final Terminal terminal;
    private final Map<CoreFigure, Double> figures = new EnumMap<>(CoreFigure.class);

    CoreMeasurement(CoreOptions options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
    }

    CoreFigures of(CorePart part) {
        try (CoreBench bench = new CoreBench(options.problem(), options.compute())) {
            if (part != CorePart.EXPERTS) {
                figures.put(CoreFigure.ITERATION_SECONDS, median("iteration", bench.iteration()));
                peak(CoreFigure.ITERATION_MEGABYTES);
                figures.put(CoreFigure.STEP_SECONDS, median("plain step", bench.plainStep()));
            }
            if (part != CorePart.ITERATION) {
                double seconds = median("expert step", bench.expertStep());
                figures.put(CoreFigure.EXPERT_RATE, CoreBench.EXPERT_BATCH / seconds);
                peak(CoreFigure.EXPERT_MEGABYTES);
            }
        }
        return new CoreFigures(figures);
    }

    private double median(String what, Runnable work) {
        if (options.warmUp()) {
            timed(what + ", warm-up", work);
        }
        List<Double> seconds = new ArrayList<>();
        for (int i = 1; i <= options.repeats(); i++) {
            seconds.add(timed(what + " " + i + " of " + options.repeats(), work));
        }
        return CoreFigures.median(seconds.stream().mapToDouble(value -> value).toArray());
    }

    private double timed(String what, Runnable work) {
        try (Heartbeat heartbeat = new Heartbeat(terminal, what)) {
            long started = System.nanoTime();
            work.run();
            double seconds = (System.nanoTime() - started) / NANOS;
            heartbeat.over(seconds);
            return seconds;
        }
    }

    private void peak(CoreFigure figure) {
        PeakMemory.megabytes().ifPresent(megabytes -> figures.put(figure, megabytes));
    }
}
