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

    private ExitCodes() {}
}
