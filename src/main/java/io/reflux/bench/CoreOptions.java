package io.reflux.bench;

import io.reflux.console.CommandException;
import io.reflux.console.ComputeOptions;
import io.reflux.distill.CoreProblem;
import io.reflux.image.ImageShape;
import io.reflux.nn.Compute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The problem on which the core is measured, and how often; the reference script knows the same by the same names. */
final class CoreOptions {
    @Option(names = "--batch", paramLabel = "N", defaultValue = "20", description = "Synthetic images (default: 20).")
    private int batch;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "10",
            description = "Inner steps of an iteration (default: 10).")
    private int steps;

    @Option(
            names = "--width",
            paramLabel = "N",
            defaultValue = "128",
            description = "Channels of the ConvNet; its depth follows the resolution (default: 128).")
    private int width;

    @Option(names = "--channels", paramLabel = "N", defaultValue = "3", description = "1 or 3 (default: 3).")
    private int channels;

    @Option(names = "--pixels", paramLabel = "N", defaultValue = "32", description = "Side of an image (default: 32).")
    private int pixels;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "10", description = "Classes (default: 10).")
    private int classes;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads that compute side by side (default: 2).")
    private int threads;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measurements of each kind, after one warm-up; their median counts (default: 3).")
    private int repeats;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Draws all values (default: 1).")
    private int seed;

    @Option(names = "--no-warm-up", description = "Measure the first of each kind too: for what takes minutes.")
    private boolean cold;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description = "auto, cpu, gpu (the first) or gpu:N, of Reflux; the reference chooses its own"
                    + " (default: ${DEFAULT-VALUE}).")
    private String device = "cpu";

    int repeats() {
        return repeats;
    }

    boolean warmUp() {
        return !cold;
    }

    /** @throws CommandException when the device is not there */
    Compute compute() {
        return ComputeOptions.present(device, threads, 0);
    }

    /** @throws CommandException naming the option that cannot be */
    CoreProblem problem() {
        values().forEach((name, value) -> {
            if (value < 1 && !name.equals("seed")) {
                throw CommandException.usage("--" + name + " is " + value + ", must be at least 1");
            }
        });
        if (channels != 1 && channels != 3) {
            throw CommandException.usage("--channels is " + channels + ", must be 1 (gray) or 3 (color)");
        }
        return new CoreProblem(batch, steps, width, new ImageShape(channels, pixels, pixels), classes, seed);
    }

    /** By the names that the options and the reference script have in common. */
    Map<String, Integer> values() {
        Map<String, Integer> values = new LinkedHashMap<>();
        values.put("batch", batch);
        values.put("steps", steps);
        values.put("width", width);
        values.put("channels", channels);
        values.put("pixels", pixels);
        values.put("classes", classes);
        values.put("threads", threads);
        values.put("repeats", repeats);
        values.put("seed", seed);
        return values;
    }

    /** The options that say the same to another process. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        values().forEach((name, value) -> arguments.addAll(List.of("--" + name, value.toString())));
        arguments.addAll(List.of("--device", device));
        if (cold) {
            arguments.add("--no-warm-up");
        }
        return arguments;
    }

    /** What is measured, in words. */
    String words() {
        return batch + " images of " + channels + "×" + pixels + "×" + pixels + ", " + steps + " inner steps, width "
                + width + ", " + threads + (threads == 1 ? " thread" : " threads");
    }
}
