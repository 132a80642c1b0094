package io.reflux.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class PriorityTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void isTheFormulaOfTheHash() {
        // h = 2^63: v is a half, and E is ln 2.
        assertThat(Priority.of(Long.MIN_VALUE, 0, null)).isCloseTo(Math.log(Math.log(2)), within(1e-15));
        assertThat(Priority.of(0, 0, null)).isEqualTo(StrictMath.log(-StrictMath.log1p(-0x1p-65)));
    }

    @Test
    void anImageOneHalfLifeOlderNeedsHalfTheExponential() {
        double now = Priority.of(12345, HOUR.toMillis(), HOUR);
        double before = Priority.of(12345, 0, HOUR);

        assertThat(before - now).isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void timeCountsOnlyWithAHalfLife() {
        assertThat(Priority.of(7, 1, null)).isEqualTo(Priority.of(7, 1_000_000, null));
    }

    @Property
    void isANumberForEveryHashAndTime(@ForAll long hash, @ForAll long time) {
        assertThat(Priority.of(hash, time, HOUR)).isFinite();
        assertThat(Priority.of(-1 - (hash & 0xff), time, null)).isFinite();
    }

    @Property
    void isOrderedAsTheHashIs(@ForAll long a, @ForAll long b) {
        long low = Long.compareUnsigned(a, b) < 0 ? a : b;
        long high = low == a ? b : a;

        assertThat(Priority.of(low, 0, null)).isLessThanOrEqualTo(Priority.of(high, 0, null));
    }

    @Test
    void refusesAHalfLifeOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Priority.of(1, 0, Duration.ofNanos(5)))
                .withMessageContaining("half-life");
    }
}
