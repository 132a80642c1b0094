package io.reflux.rounds;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jboss.logging.Logger;

/**
 * The memory of the C library, in which PyTorch keeps tensors. What a round has freed lies between what others still hold,
 * and the library gives none of it back by itself: each round would leave the process some hundred megabytes larger, until
 * every one of the library's arenas has been through every stage.
 */
final class NativeHeap {
    private static final Logger LOG = Logger.getLogger(NativeHeap.class);
    private static final String COMMANDS = "com.sun.management:type=DiagnosticCommand";
    private static final String TRIM = "systemTrimNativeHeap";

    private NativeHeap() {}

    /** Gives back what is free; takes some milliseconds. Returns what the JVM says of it, empty where it cannot. */
    static Optional<String> trim() {
        try {
            Object said = ManagementFactory.getPlatformMBeanServer()
                    .invoke(ObjectName.getInstance(COMMANDS), TRIM, new Object[0], new String[0]);
            return Optional.of(String.valueOf(said).strip());
        } catch (JMException | RuntimeException e) {
            LOG.debugf("free native memory stays with the process: %s", e.getMessage());
            return Optional.empty();
        }
    }
}
