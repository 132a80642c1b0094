package io.reflux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BudgetClockTest {
    @TempDir
    Path directory;

    private long now = TimeUnit.SECONDS.toNanos(1000);

    @Test
    void countsOnlyWhileItRuns() throws IOException {
        BudgetClock clock = clock();

        clock.start(60);
        pass(10);
        clock.stop();
        pass(100);
        clock.start(60);
        pass(5);

        assertThat(clock.seconds()).isEqualTo(15);
        assertThat(clock.spent()).isFalse();
        pass(45);
        assertThat(clock.spent()).isTrue();
    }

    @Test
    void losesTheTimeAfterItsLastSaveWithTheProcess() throws IOException {
        // Given
        BudgetClock killed = clock();
        killed.start(60);
        pass(10);
        killed.save();
        pass(20);
        assertThat(killed.seconds()).isEqualTo(30);

        // When
        BudgetClock next = clock();

        // Then
        assertThat(next.seconds()).isEqualTo(10);
    }

    @Test
    void keepsTheTimeOfTheExpertsApart() throws IOException {
        BudgetClock clock = clock();
        clock.start(60);
        pass(10);
        clock.expertsDone();
        pass(10);
        clock.expertsDone();
        clock.stop();

        assertThat(clock().expertSeconds()).isEqualTo(10);
        assertThat(clock().seconds()).isEqualTo(20);
    }

    @Test
    void knowsThatALargerBudgetLedBeyondASmallerOne() throws IOException {
        BudgetClock clock = clock();
        clock.start(60);
        pass(30);
        clock.stop();

        assertThat(clock().beyond(20)).isTrue();
        assertThat(clock().beyond(40)).isFalse();
        assertThat(clock().beyond(60)).isFalse();
        assertThat(clock().beyond(90)).isFalse();
    }

    private BudgetClock clock() throws IOException {
        return BudgetClock.open(directory.resolve("clock.json"), () -> now);
    }

    private void pass(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void processorTimeIsSharedByTheThreads() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        LongSupplier shared = BudgetTime.PROCESSOR.clock(4);

        long before = system.getProcessCpuTime();
        long told = shared.getAsLong();
        long after = system.getProcessCpuTime();

        assertThat(told).isBetween(before / 4, after / 4);
    }
}
