package io.reflux.nn;

import ai.djl.ndarray.types.Shape;
import io.reflux.nn.ParameterLayout.Entry;
import io.reflux.nn.ParameterLayout.Start;
import java.util.ArrayList;
import java.util.List;

/** Lists the tensors of a network module by module, with PyTorch's default initialisation. */
final class ModuleOrder {
    private final List<Entry> entries = new ArrayList<>();

    /** A square convolution: weight [filters,channels,kernel,kernel], and a bias if it has one. */
    ModuleOrder convolution(String name, int channels, int filters, int kernel, boolean biased) {
        int fanIn = channels * kernel * kernel;
        entries.add(new Entry(name + ".weight", new Shape(filters, channels, kernel, kernel), Start.UNIFORM, fanIn));
        if (biased) {
            entries.add(new Entry(name + ".bias", new Shape(filters), Start.UNIFORM, fanIn));
        }
        return this;
    }

    /** A normalisation: scale and shift of each channel. */
    ModuleOrder norm(String name, int channels) {
        return norm(name, new Shape(channels));
    }

    /** A normalisation: scale and shift of this shape. */
    ModuleOrder norm(String name, Shape shape) {
        entries.add(new Entry(name + ".weight", shape, Start.ONE, 0));
        entries.add(new Entry(name + ".bias", shape, Start.ZERO, 0));
        return this;
    }

    /** A linear layer: weight [outputs,inputs] and bias. */
    ModuleOrder linear(String name, int inputs, int outputs) {
        entries.add(new Entry(name + ".weight", new Shape(outputs, inputs), Start.UNIFORM, inputs));
        entries.add(new Entry(name + ".bias", new Shape(outputs), Start.UNIFORM, inputs));
        return this;
    }

    ParameterLayout layout() {
        return new ParameterLayout(entries);
    }
}
