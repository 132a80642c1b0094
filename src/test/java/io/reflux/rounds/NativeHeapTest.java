package io.reflux.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

final class NativeHeapTest {
    @Test
    void givesBackWhatIsFree() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "only the JVM on Linux can");

        assertThat(NativeHeap.trim())
                .hasValueSatisfying(said -> assertThat(said).contains("Trim native heap"));
    }
}
