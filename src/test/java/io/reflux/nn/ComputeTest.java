package io.reflux.nn;

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
}
