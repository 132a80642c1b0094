package io.reflux.cli;

import io.reflux.console.Table;
import io.reflux.console.Terminal;
import io.reflux.distill.NetworkScore;
import io.reflux.distill.SearchMonitor;
import io.reflux.distill.TrainingSource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One line for each network of a search that is finished. */
final class SearchLines implements SearchMonitor {
    private static final Map<TrainingSource, String> SOURCES = new EnumMap<>(Map.of(
            TrainingSource.SET, "on the set",
            TrainingSource.REAL, "on real images",
            TrainingSource.RANDOM, "on random ones"));

    private final Terminal terminal;
    private final BooleanSupplier cancelled;
    private final long started = System.nanoTime();

    SearchLines(Terminal terminal, BooleanSupplier cancelled) {
        this.terminal = terminal;
        this.cancelled = cancelled;
    }

    @Override
    public void begun(int finished, int total) {
        if (finished > 0) {
            terminal.note(finished + " of " + total + " networks were finished before");
        }
    }

    @Override
    public void finished(NetworkScore network, int finished, int total, double share) {
        StringBuilder line = new StringBuilder(network.network().name()).append(": ");
        double seconds = 0;
        for (TrainingSource source : TrainingSource.values()) {
            if (network.tests().containsKey(source)) {
                NetworkScore.Test test = network.on(source);
                line.append(Table.percent(test.accuracy()))
                        .append(" ")
                        .append(SOURCES.get(source))
                        .append(", ");
                seconds += test.seconds();
            }
        }
        line.append(Table.decimal(seconds, 1))
                .append(" s (")
                .append(finished)
                .append(" of ")
                .append(total);
        terminal.note(line.append(" networks").append(left(share)).append(")").toString());
    }

    @Override
    public boolean cancelled() {
        return cancelled.getAsBoolean();
    }

    private String left(double share) {
        double elapsed = Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
        double seconds = elapsed * (1 - share) / share;
        return share >= 1 || !Double.isFinite(seconds) ? "" : ", about " + words(seconds) + " left";
    }

    static String words(double seconds) {
        if (seconds < 90) {
            return Math.round(seconds) + " s";
        }
        return seconds < 5400 ? Math.round(seconds / 60) + " min" : Table.decimal(seconds / 3600, 1) + " h";
    }
}
