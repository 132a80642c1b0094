package io.reflux.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class TensorTest {
    @Test
    void readsNumbersAsTheWiderKind() {
        assertThat(Tensor.of(new int[] {-1, 7}, 2).longs()).containsExactly(-1, 7);
        assertThat(Tensor.of(new float[] {0.5f}, 1).doubles()).containsExactly(0.5);
        assertThat(Tensor.of(new double[] {0.1}, 1).doubles()).containsExactly(0.1);
    }

    @Test
    void refusesToReadAnotherKind() {
        Tensor pixels = Tensor.of(new byte[6], 2, 3);

        assertThatIllegalStateException().isThrownBy(pixels::floats).withMessageContaining("U8 [2, 3]");
        assertThatIllegalStateException().isThrownBy(pixels::longs);
        assertThatIllegalStateException().isThrownBy(Tensor.of(new double[1], 1)::floats);
    }

    @Test
    void refusesAShapeThatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.of(new float[5], 2, 3))
                .withMessageContaining("24 bytes, got 20");
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(new float[6], -2, -3));
    }

    @Test
    void isNotChangedFromOutside() {
        byte[] values = {1, 2};
        int[] shape = {2};
        Tensor tensor = Tensor.of(values, shape);

        values[0] = 9;
        shape[0] = 9;
        tensor.shape()[0] = 9;
        tensor.bytes()[0] = 9;

        assertThat(tensor).isEqualTo(Tensor.of(new byte[] {1, 2}, 2));
        assertThat(tensor.elements()).isEqualTo(2);
    }
}
