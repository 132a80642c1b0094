package io.reflux.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** What the minutes of a budget are minutes of. */
enum BudgetTime {
    /** Time on the wall: what a person waits on a machine of their own. */
    WALL,
    /**
     * Processor time of this process, shared by its threads: what as many idle processors would have computed in that
     * time, whatever else the machine did meanwhile. A thread that waits for another costs nothing, so it is a little
     * generous.
     */
    PROCESSOR;

    /** A clock in nanoseconds. */
    LongSupplier clock(int threads) {
        return switch (this) {
            case WALL -> System::nanoTime;
            case PROCESSOR -> {
                OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
                yield () -> system.getProcessCpuTime() / threads;
            }
        };
    }
}
