package io.reflux.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each tensor of a network lies in its flat parameter vector, in module order: per block convolution weight and
 * bias, norm scale and shift; then classifier weight and bias.
 */
public final class ParameterLayout {
    /** How a tensor starts. */
    public enum Start {
        /** Uniform in ±1/√fan-in. */
        UNIFORM,
        ONE,
        ZERO
    }

    /**
     * One tensor of the vector.
     *
     * @param fanIn inputs of one output value; only read for {@link Start#UNIFORM}
     */
    public record Entry(String name, Shape shape, Start start, int fanIn) {}

    private final List<Entry> entries;
    private final long[] cuts;
    private final int size;

    ParameterLayout(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        this.cuts = new long[entries.size() - 1];
        long offset = 0;
        for (int i = 0; i < entries.size(); i++) {
            offset += entries.get(i).shape().size();
            if (i < cuts.length) {
                cuts[i] = offset;
            }
        }
        this.size = Math.toIntExact(offset);
    }

    public List<Entry> entries() {
        return entries;
    }

    /** P, the number of parameters. */
    public int size() {
        return size;
    }

    /** Views of a flat vector [P], one a tensor, shaped; differentiable with one concatenation in its backward pass. */
    List<NDArray> split(NDArray vector) {
        NDList parts = vector.split(cuts, 0);
        List<NDArray> shaped = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            Shape shape = entries.get(i).shape();
            shaped.add(shape.dimension() == 1 ? parts.get(i) : parts.get(i).reshape(shape));
        }
        return shaped;
    }

    /** A fresh initialisation [P]: weights and biases uniform in ±1/√fan-in, norm scales 1 and shifts 0. */
    public float[] initialise(Draws draws) {
        float[] vector = new float[size];
        int offset = 0;
        for (Entry entry : entries) {
            int count = Math.toIntExact(entry.shape().size());
            fill(vector, offset, count, entry, draws);
            offset += count;
        }
        return vector;
    }

    private static void fill(float[] vector, int offset, int count, Entry entry, Draws draws) {
        float bound = (float) (1 / Math.sqrt(Math.max(1, entry.fanIn())));
        for (int i = offset; i < offset + count; i++) {
            switch (entry.start()) {
                case UNIFORM:
                    vector[i] = (2 * draws.uniform() - 1) * bound;
                    break;
                case ONE:
                    vector[i] = 1;
                    break;
                case ZERO:
                    vector[i] = 0;
                    break;
            }
        }
    }
}
