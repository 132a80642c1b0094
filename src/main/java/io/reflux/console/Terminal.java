package io.reflux.console;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** The one place that writes for people: results go to standard output, everything else to standard error. */
public final class Terminal {
    private final PrintStream results;
    private final PrintStream messages;
    private final boolean interactive;
    private final BufferedReader answers;
    private final boolean colours;
    private final IntSupplier columns;
    private final BooleanSupplier watched;
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
     * @param colours whether it may use colours where it is interactive
     * @param columns how many characters a line has
     */
    public Terminal(
            PrintStream results,
            PrintStream messages,
            boolean interactive,
            InputStream answers,
            boolean colours,
            IntSupplier columns) {
        this(results, messages, interactive, answers, colours, columns, () -> interactive);
    }

    private Terminal(
            PrintStream results,
            PrintStream messages,
            boolean interactive,
            InputStream answers,
            boolean colours,
            IntSupplier columns,
            BooleanSupplier watched) {
        this.results = results;
        this.messages = messages;
        this.interactive = interactive;
        this.answers = new BufferedReader(new InputStreamReader(answers, Charset.defaultCharset()));
        this.colours = colours;
        this.columns = columns;
        this.watched = watched;
    }

    /** The process's own streams; interactive when a person sits in front of them. */
    public static Terminal ofProcess() {
        boolean able = !"dumb".equals(System.getenv("TERM"));
        boolean interactive = able && TerminalProbe.attached();
        String plain = System.getenv("NO_COLOR");
        return new Terminal(
                System.out,
                System.err,
                interactive,
                System.in,
                plain == null || plain.isEmpty(),
                interactive ? TerminalProbe::columns : () -> Integer.MAX_VALUE,
                able ? TerminalProbe::showsErrors : () -> false);
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

    /** Whether results may have colours. */
    public boolean isColoured() {
        return colours && interactive;
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
        print(table.text(columns.getAsInt(), isColoured()));
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
        messages.println((colours && watched.getAsBoolean() ? Ink.BAD.on("reflux:") : "reflux:") + " " + sentence);
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
        return watched.getAsBoolean()
                ? new BarMeter(messages, task, unit, total)
                : new LineMeter(this, task, unit, total);
    }
}
