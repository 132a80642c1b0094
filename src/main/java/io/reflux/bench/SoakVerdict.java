package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the samples of a soak say. The first fifth is left out: Java compiles, pools fill, the sample grows to its size.
 *
 * @param memory MB over time
 * @param lag images over time
 * @param threads of the process over time
 * @param rate images a second that were sent
 * @param tolerance the part of its memory that the process may gain
 */
record SoakVerdict(Trend memory, Trend lag, Trend threads, double rate, double tolerance) {
    /** Pools make some threads when they are first needed, and a round has its own while it runs. */
    private static final double THREADS_TOLERANCE = 3;

    private static final double SETTLING = 0.2;
    private static final int FEWEST = 10;

    static SoakVerdict of(List<SoakSample> all, double rate, double tolerance) {
        List<SoakSample> samples = all.subList((int) (SETTLING * all.size()), all.size());
        if (samples.size() < FEWEST) {
            throw CommandException.failure(
                    "only " + all.size() + " samples were taken, too few to judge by; soak longer" + " by --minutes");
        }
        List<Double> at = values(samples, SoakSample::seconds);
        return new SoakVerdict(
                Trend.of(at, values(samples, SoakSample::megabytes)),
                Trend.of(at, values(samples, SoakSample::lag)),
                Trend.of(at, values(samples, SoakSample::threads)),
                rate,
                tolerance);
    }

    /** What grows, a sentence each; empty when nothing does. */
    List<String> growths() {
        List<String> growths = new ArrayList<>();
        if (memory.grows(tolerance * memory.mean())) {
            growths.add("resident memory grows by " + hourly(memory, 1) + " MB an hour");
        }
        if (threads.grows(THREADS_TOLERANCE)) {
            growths.add("threads grow by " + hourly(threads, 1) + " an hour");
        }
        // a second's worth of images is under way at any time
        if (lag.grows(rate)) {
            growths.add("the lag grows by " + hourly(lag, 0) + " images an hour");
        }
        return growths;
    }

    Table table() {
        return new Table()
                .row("", "mean", "growth an hour")
                .row("resident memory, MB", Table.decimal(memory.mean(), 0), hourly(memory, 1))
                .row("threads", Table.decimal(threads.mean(), 1), hourly(threads, 1))
                .row("lag, images", Table.decimal(lag.mean(), 0), hourly(lag, 0));
    }

    private static String hourly(Trend trend, int decimals) {
        return Table.decimal(3600 * trend.slope(), decimals) + " ± " + Table.decimal(3600 * trend.error(), decimals);
    }

    private static List<Double> values(List<SoakSample> samples, ToDoubleFunction<SoakSample> value) {
        return samples.stream().mapToDouble(value).boxed().toList();
    }
}
