package io.reflux.rounds;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.jboss.logging.Logger;

/**
 * How far a thread gives way to others. Java's own priorities do nothing on Linux, and a broker or a collector with many
 * threads that wait most of the time loses against threads that compute all the time.
 */
final class Niceness {
    private static final Logger LOG = Logger.getLogger(Niceness.class);
    private static final int OF_A_THREAD = 0;
    private static final int THE_CALLER = 0;

    /** The function of the C library; on Linux it means single threads. */
    private interface Scheduling extends Library {
        int setpriority(int which, int who, int niceness);
    }

    private Niceness() {}

    /**
     * Lets the calling thread, and those it starts from now on, give way; does nothing where only whole processes can.
     *
     * @param niceness 0 to 19, as of nice(1)
     */
    static void take(int niceness) {
        if (!Platform.isLinux() || niceness == 0) {
            return;
        }
        try {
            Native.load("c", Scheduling.class).setpriority(OF_A_THREAD, THE_CALLER, niceness);
        } catch (UnsatisfiedLinkError e) {
            LOG.debugf("rounds give no way to other threads: %s", e.getMessage());
        }
    }
}
