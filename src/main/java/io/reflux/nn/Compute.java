package io.reflux.nn;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors are computed.
 *
 * @param device {@code cpu}, {@code gpu} (the first) or {@code gpu:N}
 * @param threads that compute side by side; results depend on it in the last digits
 */
public record Compute(String device, int threads) {
    private static final Pattern DEVICE = Pattern.compile("cpu|gpu(?::(\\d{1,3}))?");

    public Compute {
        if (!DEVICE.matcher(device).matches()) {
            throw new IllegalArgumentException("reflux.device is '" + device + "', must be cpu, gpu or gpu:N");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("reflux.threads is " + threads + ", must be at least 1");
        }
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

    Device resolve() {
        Matcher matcher = DEVICE.matcher(device);
        if (device.equals("cpu") || !matcher.matches()) {
            return Device.cpu();
        }
        String number = matcher.group(1);
        return Device.gpu(number == null ? 0 : Integer.parseInt(number));
    }

    static Engine engine() {
        // Loading an engine otherwise asks a cloud's metadata address which machine this is.
        System.setProperty("ai.djl.offline", "true");
        return Engine.getEngine("PyTorch");
    }
}
