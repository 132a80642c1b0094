package io.reflux.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory of this process that was resident at a time, as Linux tells it. */
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s*(\\d+) kB$");
    private static final double KILOBYTES = 1024;

    private PeakMemory() {}

    /** In MB of 2²⁰ bytes, as the reference counts them; empty on a system that does not tell. */
    static OptionalDouble megabytes() {
        return megabytes(STATUS);
    }

    static OptionalDouble megabytes(Path status) {
        try {
            Matcher peak = PEAK.matcher(Files.readString(status));
            return peak.find()
                    ? OptionalDouble.of(Double.parseDouble(peak.group(1)) / KILOBYTES)
                    : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }
}
