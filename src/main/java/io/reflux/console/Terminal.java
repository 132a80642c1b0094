package io.reflux.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.IntSupplier;

/** The one place that writes for people: results go to standard output, everything else to standard error. */
public final class Terminal {
    private final PrintStream results;
    private final PrintStream messages;
    private final boolean interactive;
    private final BufferedReader answers;
    private final boolean coloured;
    private final IntSupplier columns;
    private boolean quiet;
    private boolean onlyJson;

    public Terminal(PrintStream results, PrintStream messages, boolean interactive) {
        this(results, messages, interactive, InputStream.nullInputStream());
    }

    /** @param answers what the person types */
    public Terminal(PrintStream results, PrintStream messages, boolean interactive, InputStream answers) {
        this(results, messages, interactive, answers, false, () -> Integer.MAX_VALUE);
    }

    /**
     * @param coloured whether it may use colours
     * @param columns how many characters a line has
     */
    public Terminal(
            PrintStream results,
            PrintStream messages,
            boolean interactive,
            InputStream answers,
            boolean coloured,
            IntSupplier columns) {
        this.coloured = coloured;
        this.columns = columns;
        this.answers = new BufferedReader(new InputStreamReader(answers, Charset.defaultCharset()));
        this.results = results;
        this.messages = messages;
        this.interactive = interactive;
    }

    /** The process's own streams; interactive when a person sits in front of them. */
    public static Terminal ofProcess() {
        boolean interactive = !"dumb".equals(System.getenv("TERM")) && TerminalProbe.attached();
        String plain = System.getenv("NO_COLOR");
        return new Terminal(
                System.out,
                System.err,
                interactive,
                System.in,
                interactive && (plain == null || plain.isEmpty()),
                interactive ? TerminalProbe::columns : () -> Integer.MAX_VALUE);
    }

    public PrintStream results() {
        return results;
    }

    /** Whether a person sits in front of it. */
    public boolean isInteractive() {
        return interactive;
    }

    /** Asks the person whether something shall be done; what is not a yes is a no. */
    public boolean agrees(String deed) {
        messages.print(deed + "; go on? [y/N] ");
        messages.flush();
        try {
            String answer = answers.readLine();
            return answer != null
                    && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
        } catch (IOException e) {
            return false;
        }
    }

    /** From here on only results and failures are written. */
    void beQuiet() {
        quiet = true;
    }

    /** Whether it may use colours. */
    public boolean isColoured() {
        return coloured;
    }

    /** From here on standard output is for JSON alone. */
    void keepOutputForJson() {
        onlyJson = true;
    }

    /** Writes a result. */
    public void print(String text) {
        if (!onlyJson) {
            results.println(text);
            results.flush();
        }
    }

    /** Writes a table that fits, in colours where there are some. */
    public void print(Table table) {
        print(table.text(columns.getAsInt(), coloured));
    }

    /** Writes the result for programs. */
    void printJson(String json) {
        results.println(json);
        results.flush();
    }

    /** Says what is going on. */
    public void note(String text) {
        if (!quiet) {
            messages.println(text);
            messages.flush();
        }
    }

    /** Says in one sentence what went wrong. */
    public void fail(String sentence) {
        messages.println((coloured ? Ink.BAD.on("reflux:") : "reflux:") + " " + sentence);
        messages.flush();
    }

    /** Writes where a failure and its causes came from, for those who asked. */
    public void trace(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.println(cause);
            for (StackTraceElement element : cause.getStackTrace()) {
                messages.println("    at " + element);
            }
        }
        messages.flush();
    }

    /** A meter of a task: a bar where a person watches, a line every few seconds where a log is kept. */
    public Meter meter(String task, String unit, long total) {
        if (quiet) {
            return Meter.SILENT;
        }
        return interactive ? new BarMeter(messages, task, unit, total) : new LineMeter(this, task, unit, total);
    }
}
