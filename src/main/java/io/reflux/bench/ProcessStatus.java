package io.reflux.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux tells about a process; nothing on other systems. */
record ProcessStatus(long pid) {
    private static final double KILOBYTES = 1024;

    /** Resident memory now, in MB of 2²⁰ bytes. */
    OptionalDouble megabytes() {
        return kilobytes("VmRSS");
    }

    /** The most memory that was resident at a time, in MB of 2²⁰ bytes. */
    OptionalDouble peakMegabytes() {
        return kilobytes("VmHWM");
    }

    /** Threads now. */
    OptionalDouble threads() {
        return value("Threads");
    }

    /** Processor seconds used so far; 0 where the system does not tell. */
    double processorSeconds() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(duration -> duration.toNanos() / 1e9)
                .orElse(0.0);
    }

    private OptionalDouble kilobytes(String name) {
        OptionalDouble value = value(name);
        return value.isPresent() ? OptionalDouble.of(value.getAsDouble() / KILOBYTES) : value;
    }

    private OptionalDouble value(String name) {
        try {
            Matcher line = Pattern.compile("(?m)^" + name + ":\\s*(\\d+)")
                    .matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            return line.find() ? OptionalDouble.of(Double.parseDouble(line.group(1))) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
