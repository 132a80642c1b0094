package io.reflux.nn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Matrix products group their sums by the alignment of what they read, so it may not be the JVM's to choose. */
class PlacementTest {
    private static final int CACHE_LINE = 64;

    @Test
    void placedValuesBeginAtACacheLine() {
        try (TensorSession session = TensorSession.open(new Compute("cpu", 1))) {
            List<Integer> offsets = new ArrayList<>();
            for (int size = 1; size < 400; size += 3) {
                offsets.add(offset(TensorSession.place(session.manager(), new float[size])));
                offsets.add(offset(TensorSession.place(session.manager(), new float[2 * size], new Shape(2, size))));
            }
            assertThat(offsets).containsOnly(0);
        }
    }

    @Test
    void placedValuesAreThoseGiven() {
        try (TensorSession session = TensorSession.open(new Compute("cpu", 1))) {
            NDArray placed = TensorSession.place(session.manager(), new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
            assertThat(placed.getShape()).isEqualTo(new Shape(2, 3));
            assertThat(placed.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
        }
    }

    @Test
    void valuesThatGoInPartsAreThoseGiven() {
        float[] values = new float[7 * 2 * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        try (TensorSession session = TensorSession.open(new Compute("cpu", 1))) {
            for (int most : new int[] {1, 6, 13, 41}) {
                NDArray placed = TensorSession.place(session.manager(), values, new Shape(7, 2, 3), most);
                assertThat(placed.getShape()).isEqualTo(new Shape(7, 2, 3));
                assertThat(placed.toFloatArray()).as("%d at a time", most).containsExactly(values);
                assertThat(offset(placed)).isZero();
            }
        }
    }

    private static int offset(NDArray array) {
        ByteBuffer memory = ((PtNDArray) array).toByteBuffer(true);
        assertThat(memory.isDirect()).isTrue();
        return memory.alignmentOffset(0, CACHE_LINE);
    }
}
