package io.reflux.console;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that is redrawn in its line. */
final class BarMeter implements Meter {
    private static final int COLUMNS = 100;
    private static final int REDRAW_MILLISECONDS = 200;
    private final ProgressBar bar;

    BarMeter(PrintStream stream, String task, String unit, long total) {
        bar = ProgressBar.builder()
                .setTaskName(task)
                .setUnit(" " + unit, 1)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLISECONDS)
                .setConsumer(new ConsoleProgressBarConsumer(stream, COLUMNS))
                .build();
    }

    @Override
    public void at(long done, String remark) {
        bar.setExtraMessage(" " + remark);
        bar.stepTo(done);
    }

    @Override
    public void close() {
        bar.close();
    }
}
