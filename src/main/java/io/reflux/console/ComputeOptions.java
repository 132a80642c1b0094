package io.reflux.console;

import io.reflux.nn.Compute;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where tensors are computed. */
public final class ComputeOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "${env:REFLUX_DEVICE:-auto}",
            description = "auto (a GPU when PyTorch sees one), cpu, gpu (the first) or gpu:N"
                    + " (default: $$REFLUX_DEVICE, else auto).")
    private String device = "auto";

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute side by side on a CPU; the same set needs the same number"
                    + " (default: the processors).")
    private @Nullable Integer threads;

    @Option(
            names = "--activation-memory",
            paramLabel = "MB",
            defaultValue = "${env:REFLUX_ACTIVATION_MEMORY:-0}",
            description = "What the activations of a pass may take, for each thread; batches are cut into parts that"
                    + " fit (default: $$REFLUX_ACTIVATION_MEMORY, else 64 on a CPU, 4096 on a GPU).")
    private int activationMemory;

    public int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    /**
     * The device, which is there.
     *
     * @throws CommandException when it is not
     */
    public Compute compute() {
        return present(device, threads(), activationMemory);
    }

    /**
     * A device, which is there.
     *
     * @throws CommandException when it is not
     */
    public static Compute present(String device, int threads, int activationMemory) {
        try {
            Compute compute = new Compute(device, threads, activationMemory);
            compute.requirePresent();
            return compute;
        } catch (IllegalArgumentException e) {
            throw CommandException.usage(String.valueOf(e.getMessage()));
        }
    }
}
