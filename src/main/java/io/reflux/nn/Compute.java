package io.reflux.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.util.cuda.CudaUtils;
import java.lang.management.MemoryUsage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors are computed.
 *
 * @param device {@code auto} (a GPU when PyTorch sees one), {@code cpu}, {@code gpu} (the first) or {@code gpu:N}
 * @param threads that compute side by side on a CPU; results depend on it in the last digits
 * @param activationMegabytes what the activations of a pass may take in memory, for each thread; batches are cut into
 *     micro-batches that fit. 0 chooses: on a CPU what its caches can hold a good part of, on a GPU enough for whole
 *     batches
 */
public record Compute(String device, int threads, int activationMegabytes) {
    private static final Pattern DEVICE = Pattern.compile("auto|cpu|gpu(?::(\\d{1,3}))?");
    private static final AtomicBoolean ENGINE_LOADED = new AtomicBoolean();
    private static final int CPU_MEGABYTES = 64;
    private static final int GPU_MEGABYTES = 4096;

    public Compute {
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException("reflux.device is '" + device + "', must be auto, cpu, gpu or gpu:N");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("reflux.threads is " + threads + ", must be at least 1");
        }
        if (activationMegabytes < 0) {
            throw new IllegalArgumentException("reflux.activation-memory is " + activationMegabytes
                    + " MB, must be positive, or 0 to let it be chosen");
        }
    }

    /** Leaves the memory of activations to be chosen. */
    public Compute(String device, int threads) {
        this(device, threads, 0);
    }

    /** All processors of this machine. */
    public static Compute processors() {
        return new Compute("cpu", Runtime.getRuntime().availableProcessors());
    }

    /**
     * Loads the engine and looks for the device.
     *
     * @throws IllegalArgumentException when the device is not there
     */
    public void requirePresent() {
        Device wanted = resolve();
        int present = engine().getGpuCount();
        if (wanted.isGpu() && wanted.getDeviceId() >= present) {
            throw new IllegalArgumentException("reflux.device is " + device + ", but PyTorch sees " + present
                    + " GPUs on this machine; set it to cpu, or install a PyTorch with CUDA");
        }
    }

    /**
     * Memory of the GPU that is computed on; empty on a processor, before the engine is loaded, and where CUDA does not
     * tell.
     */
    public Optional<MemoryUsage> gpuMemory() {
        try {
            return ENGINE_LOADED.get() && resolve().isGpu()
                    ? Optional.of(CudaUtils.getGpuMemory(resolve()))
                    : Optional.empty();
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }

    Device resolve() {
        Matcher matcher = DEVICE.matcher(device);
        if (device.equals("cpu") || !matcher.matches()) {
            return Device.cpu();
        }
        if (device.equals("auto")) {
            return engine().getGpuCount() > 0 ? Device.gpu(0) : Device.cpu();
        }
        String number = matcher.group(1);
        return Device.gpu(number == null ? 0 : Integer.parseInt(number));
    }

    /** Images whose activations fit the memory for them, at least one. */
    int imagesAtOnce(long bytesAnImage) {
        int usual = resolve().isGpu() ? GPU_MEGABYTES : CPU_MEGABYTES;
        long megabytes = activationMegabytes == 0 ? usual : activationMegabytes;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (megabytes << 20) / bytesAnImage));
    }

    /** For arithmetic on values that lie on the host and stay there; to be closed. */
    static NDManager onHost() {
        return engine().newBaseManager(Device.cpu());
    }

    static Engine engine() {
        // Loading an engine otherwise asks a cloud's metadata address which machine this is.
        System.setProperty("ai.djl.offline", "true");
        Engine loaded = Engine.getEngine("PyTorch");
        ENGINE_LOADED.set(true);
        return loaded;
    }
}
