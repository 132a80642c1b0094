package io.reflux.distill;

import io.reflux.format.FormatException;
import io.reflux.format.Safetensors;
import io.reflux.format.Tensor;
import java.util.Map;

/**
 * An array that matching learns by SGD with momentum, with the exponential moving average of its values; empty for
 * what is not learned.
 *
 * @param values flattened
 * @param velocity v of v ← m·v + g, x ← x − η·v
 * @param average E of E ← d·E + (1 − d)·x
 */
@SuppressWarnings("ArrayRecordComponent")
record Learned(float[] values, float[] velocity, float[] average) {
    private static final String VELOCITY = ".velocity";
    private static final String AVERAGE = ".average";

    static Learned start(float[] values) {
        return new Learned(values, new float[values.length], values.clone());
    }

    int length() {
        return values.length;
    }

    boolean finite() {
        boolean finite = true;
        for (int i = 0; finite && i < values.length; i++) {
            finite = Float.isFinite(values[i]);
        }
        return finite;
    }

    /** The same values, standing still. */
    Learned atRest() {
        return new Learned(values, new float[values.length], average);
    }

    /** One step of size η along the gradient g, and of the average with decay d. */
    Learned step(float[] gradient, double rate, double momentum, double decay) {
        float[] speed = new float[values.length];
        float[] moved = new float[values.length];
        float[] mean = new float[values.length];
        float eta = (float) rate;
        float m = (float) momentum;
        float d = (float) decay;
        for (int i = 0; i < values.length; i++) {
            speed[i] = m * velocity[i] + gradient[i];
            moved[i] = values[i] - eta * speed[i];
            mean[i] = d * average[i] + (1 - d) * moved[i];
        }
        return new Learned(moved, speed, mean);
    }

    /** What a set is made of: the average, or the values themselves where nothing is averaged. */
    float[] published(double decay) {
        return (decay > 0 ? average : values).clone();
    }

    void addTo(String name, Map<String, Tensor> tensors) {
        tensors.put(name, Tensor.of(values, values.length));
        tensors.put(name + VELOCITY, Tensor.of(velocity, velocity.length));
        tensors.put(name + AVERAGE, Tensor.of(average, average.length));
    }

    static Learned from(String name, Safetensors file) throws FormatException {
        return new Learned(
                file.tensor(name, Tensor.Type.F32).floats(),
                file.tensor(name + VELOCITY, Tensor.Type.F32).floats(),
                file.tensor(name + AVERAGE, Tensor.Type.F32).floats());
    }

    Digest addTo(Digest digest) {
        return digest.floats(values).floats(velocity).floats(average);
    }
}
