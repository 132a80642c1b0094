package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Tensor;

/** The values of a file's tensor, all of which are numbers that can be trained on. */
final class FiniteValues {
    private FiniteValues() {}

    /**
     * @param name of the tensor
     * @throws FormatException naming the first value that is infinite or not a number
     */
    static float[] of(Tensor tensor, String name) throws FormatException {
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new FormatException(
                        "value " + i + " of tensor '" + name + "' is " + values[i] + ", must be a finite number");
            }
        }
        return values;
    }
}
