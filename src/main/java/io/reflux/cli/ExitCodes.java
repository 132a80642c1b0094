package io.reflux.cli;

/** How a command ends, for scripts. */
final class ExitCodes {
    /** It did what it was asked to. */
    static final int OK = 0;
    /** It was asked well and failed. */
    static final int FAILURE = 1;
    /** The command line or a setting cannot work. */
    static final int USAGE = 2;

    /** Ctrl-C; as shells count it. */
    static final int INTERRUPTED = 130;

    /** Above the list in every command's help. */
    static final String HEADING = "%nExit codes:%n";

    static final String OK_TEXT = "0:it did what it was asked to";
    static final String FAILURE_TEXT = "1:it failed, and says why in one sentence";
    static final String USAGE_TEXT = "2:the command line or a setting cannot work";
    static final String INTERRUPTED_TEXT = "130:it was interrupted";

    private ExitCodes() {}
}
