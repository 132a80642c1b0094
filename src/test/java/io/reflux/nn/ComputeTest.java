package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ComputeTest {
    @Test
    void theProcessorIsAlwaysPresent() {
        assertThatCode(() -> new Compute("cpu", 1).requirePresent()).doesNotThrowAnyException();
    }

    @Test
    void aDeviceThatIsNotThereIsRefusedNamingTheProperty() {
        assertThatThrownBy(() -> new Compute("gpu:99", 1).requirePresent())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reflux.device is gpu:99")
                .hasMessageContaining("set it to cpu");
    }

    @Test
    void anUnknownDeviceIsRefusedNamingTheProperty() {
        assertThatThrownBy(() -> new Compute("tpu", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reflux.device is 'tpu'");
    }

    @Test
    void autoIsTheProcessorWhereThereIsNoGpu() {
        Compute auto = new Compute("auto", 1);

        assertThat(auto.resolve().isGpu()).isEqualTo(Compute.engine().getGpuCount() > 0);
        assertThatCode(auto::requirePresent).doesNotThrowAnyException();
    }

    @Test
    void atLeastOneImageIsComputedAtOnce() {
        assertThat(new Compute("cpu", 1, 1).imagesAtOnce(Long.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void asManyImagesAreComputedAtOnceAsFitTheMemory() {
        assertThat(new Compute("cpu", 1, 3).imagesAtOnce(1 << 20)).isEqualTo(3);
    }
}
