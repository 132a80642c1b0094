package io.reflux.cli;

import java.io.PrintStream;

/** The one place that writes for people: results go to standard output, everything else to standard error. */
final class Terminal {
    private final PrintStream results;
    private final PrintStream messages;
    private final boolean interactive;
    private boolean quiet;

    Terminal(PrintStream results, PrintStream messages, boolean interactive) {
        this.results = results;
        this.messages = messages;
        this.interactive = interactive;
    }

    /** The process's own streams; interactive when a person sits in front of them. */
    static Terminal ofProcess() {
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new Terminal(System.out, System.err, !dumb && TerminalProbe.attached());
    }

    PrintStream results() {
        return results;
    }

    /** From here on only results and failures are written. */
    void beQuiet() {
        quiet = true;
    }

    /** Writes a result. */
    void print(String text) {
        results.println(text);
        results.flush();
    }

    /** Says what is going on. */
    void note(String text) {
        if (!quiet) {
            messages.println(text);
            messages.flush();
        }
    }

    /** Says in one sentence what went wrong. */
    void fail(String sentence) {
        messages.println("reflux: " + sentence);
        messages.flush();
    }

    /** Writes where a failure and its causes came from, for those who asked. */
    void trace(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.println(cause);
            for (StackTraceElement element : cause.getStackTrace()) {
                messages.println("    at " + element);
            }
        }
        messages.flush();
    }

    /** A meter of a task: a bar where a person watches, a line every few seconds where a log is kept. */
    Meter meter(String task, String unit, long total) {
        if (quiet) {
            return Meter.SILENT;
        }
        return interactive ? new BarMeter(messages, task, unit, total) : new LineMeter(this, task, unit, total);
    }
}
