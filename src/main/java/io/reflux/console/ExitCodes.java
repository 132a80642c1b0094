package io.reflux.console;

/** How a command ends, for scripts. */
public final class ExitCodes {
    /** It did what it was asked to. */
    public static final int OK = 0;
    /** It was asked well and failed. */
    public static final int FAILURE = 1;
    /** The command line or a setting cannot work. */
    public static final int USAGE = 2;

    /** Ctrl-C; as shells count it. */
    public static final int INTERRUPTED = 130;

    /** Above the list in every command's help. */
    public static final String HEADING = "%nExit codes:%n";

    public static final String OK_TEXT = "0:it did what it was asked to";
    public static final String FAILURE_TEXT = "1:it failed, and says why in one sentence";
    public static final String USAGE_TEXT = "2:the command line or a setting cannot work";
    public static final String INTERRUPTED_TEXT = "130:it was interrupted";
    public static final String TERMINATED_TEXT = "143:it was told to end (SIGTERM)";

    private ExitCodes() {}
}
