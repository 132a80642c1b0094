package io.reflux.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.util.Arrays;

/**
 * One thread's use of the PyTorch engine: the arrays it makes and the tape that differentiates them. The engine keeps
 * one tape a process, so at most one session is open at a time.
 */
public final class TensorSession implements AutoCloseable {
    /** The engine takes at most 2 GiB from the JVM at a time. */
    private static final int MOST_FLOATS_AT_ONCE = 1 << 28;

    private final NDManager manager;
    private final GradientCollector tape;
    private final Workers workers;
    private final Compute compute;

    private TensorSession(NDManager manager, GradientCollector tape, Workers workers, Compute compute) {
        this.manager = manager;
        this.tape = tape;
        this.workers = workers;
        this.compute = compute;
    }

    /** Opens a session on all processors. */
    public static TensorSession open() {
        return open(Compute.processors());
    }

    /**
     * Opens a session on the calling thread.
     *
     * @throws IllegalStateException when another session is open
     */
    public static TensorSession open(Compute compute) {
        Engine engine = Compute.engine();
        // The workers are the parallelism; an operation that also splits itself would only wait for its own threads.
        JniUtils.setNumThreads(1);
        TorchScript.prepareThread();
        Device device = compute.resolve();
        if (device.isGpu()) {
            JniUtils.setBenchmarkCuDNN(true);
        }
        NDManager manager = engine.newBaseManager(device);
        try {
            // A GPU is kept busy by one thread; several would only take turns on its stream.
            Workers workers = new Workers(device.isGpu() ? 1 : compute.threads());
            return new TensorSession(manager, engine.newGradientCollector(), workers, compute);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** Owns what lives as long as the session; take a sub-manager for what does not. */
    public NDManager manager() {
        return manager;
    }

    public Workers workers() {
        return workers;
    }

    /** Images whose activations fit the memory for them, at least one; {@code bytes} is what one of them takes. */
    public int imagesAtOnce(long bytes) {
        return compute.imagesAtOnce(bytes);
    }

    /** Adds the gradient of a scalar to every leaf it depends on, and forgets its graph; on any thread. */
    public void backward(NDArray scalar) {
        tape.backward(scalar);
    }

    /** Adds the gradient of ⟨array, gradient⟩ to every leaf that the array depends on; on any thread. */
    public void backward(NDArray array, NDArray gradient) {
        JniUtils.backward((PtNDArray) array, (PtNDArray) gradient, false, false);
    }

    /** The same values as a leaf of new graphs; shares memory, is to be closed. */
    public static NDArray leaf(NDArray array) {
        NDArray leaf = array.stopGradient();
        leaf.setRequiresGradient(true);
        return leaf;
    }

    /**
     * A copy of the values in the engine's own memory, owned by the manager.
     *
     * <p>The engine would otherwise compute on the buffer of the JVM, which begins wherever the allocator put it; sums
     * inside a matrix product are grouped by the alignment of their operands, and the last digits would differ from
     * run to run.
     */
    public static NDArray place(NDManager owner, float[] values, Shape shape) {
        return place(owner, values, shape, MOST_FLOATS_AT_ONCE);
    }

    /** As {@link #place(NDManager, float[], Shape)}, in parts of whole rows where there are more values than {@code most}. */
    static NDArray place(NDManager owner, float[] values, Shape shape, int most) {
        if (values.length <= most) {
            try (NDArray buffer = owner.create(values, shape)) {
                return buffer.duplicate();
            }
        }
        int rows = Math.toIntExact(shape.get(0));
        int row = values.length / rows;
        int rowsAtOnce = Math.max(1, most / row);
        NDArray whole = owner.create(shape);
        for (int start = 0; start < rows; start += rowsAtOnce) {
            int end = Math.min(rows, start + rowsAtOnce);
            Shape part = new Shape(end - start).addAll(shape.slice(1));
            try (NDArray buffer = owner.create(Arrays.copyOfRange(values, start * row, end * row), part)) {
                whole.set(new NDIndex(start + ":" + end), buffer);
            }
        }
        return whole;
    }

    /** A copy of a vector in the engine's own memory, [values.length]. */
    public static NDArray place(NDManager owner, float[] values) {
        return place(owner, values, new Shape(values.length));
    }

    /** Probabilities [n,classes] with a one at each label. */
    public static NDArray oneHot(NDManager manager, int[] labels, int classes) {
        return place(manager, oneHot(labels, classes), new Shape(labels.length, classes));
    }

    /** The same rows, [n,classes] flattened, on the host. */
    public static float[] oneHot(int[] labels, int classes) {
        float[] rows = new float[Math.multiplyExact(labels.length, classes)];
        for (int i = 0; i < labels.length; i++) {
            rows[i * classes + labels[i]] = 1;
        }
        return rows;
    }

    @Override
    public void close() {
        workers.close();
        tape.close();
        manager.close();
    }
}
