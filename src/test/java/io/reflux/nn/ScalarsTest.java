package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The engine's own arithmetic with numbers fails these within a few rounds. */
class ScalarsTest {
    private static final int ROUNDS = 20;
    private static final int FREED_BUFFERS_TO_OVERWRITE = 2_000;

    @Test
    void theGradientOfAProductSurvivesAGarbageCollection() {
        assertThat(slopes(x -> Scalars.times(x, 3))).containsOnly(3f);
    }

    @Test
    void theGradientOfAQuotientSurvivesAGarbageCollection() {
        assertThat(slopes(x -> Scalars.over(x, 4))).containsOnly(0.25f);
    }

    /** Derivatives at 2, with a collection between the forward and the backward pass. */
    private static List<Float> slopes(UnaryOperator<NDArray> function) {
        List<Float> slopes = new ArrayList<>();
        try (TensorSession session = TensorSession.open(new Compute("cpu", 1))) {
            NDArray two = TensorSession.place(session.manager(), new float[] {2});
            for (int round = 0; round < ROUNDS; round++) {
                try (NDArray leaf = TensorSession.leaf(two);
                        NDArray value = function.apply(leaf).sum()) {
                    overwriteFreedBuffers();
                    session.backward(value);
                    slopes.add(leaf.getGradient().toFloatArray()[0]);
                }
            }
        }
        return slopes;
    }

    private static void overwriteFreedBuffers() {
        System.gc();
        for (int i = 0; i < FREED_BUFFERS_TO_OVERWRITE; i++) {
            ByteBuffer.allocateDirect(8).putLong(0, -1);
        }
    }
}
