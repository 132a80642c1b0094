package io.reflux.cli;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** Seconds of each stage of a command, in the order they came. */
final class Stopwatch {
    /** Begins the name of a stage that is a part of the one before it. */
    static final String PART = "  ";

    private final Map<String, Double> stages = new LinkedHashMap<>();

    /** Runs a stage and notes how long it took. */
    <T> T time(String stage, Callable<T> work) throws Exception {
        long started = System.nanoTime();
        T result = work.call();
        note(stage, Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0);
        return result;
    }

    void note(String stage, double seconds) {
        stages.merge(stage, seconds, Double::sum);
    }

    Map<String, Double> stages() {
        return stages;
    }

    /** Seconds since the process began, with the start of the virtual machine. */
    static double sinceStart() {
        return ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0;
    }
}
