package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.SearchSettings;
import io.reflux.distill.SearchSpace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which networks a search trains, and how. */
final class SearchOptions {
    private static final int USUAL_NETWORKS = 24;

    @Option(
            names = "--networks",
            paramLabel = "N",
            description =
                    "Networks, drawn from the space by the seed; 720 is the whole family (default: 24, or all where"
                            + " --space leaves fewer). A larger N keeps the networks of a smaller one.")
    private @Nullable Integer networks;

    @Option(
            names = "--space",
            paramLabel = "FEATURES",
            defaultValue = "",
            description =
                    "Only networks such as 'width=32,64;depth=2,3;activation=relu;norm=instance,group;pooling=avg';"
                            + " a feature that is not named keeps all its values: width 32 to 256, depth 1 to 4, activation"
                            + " sigmoid, relu, leaky, norm none, batch, layer, instance, group, pooling none, max, avg.")
    private String space = "";

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "200",
            description = "Passes over the set (default: ${DEFAULT-VALUE}, as published).")
    private int epochs;

    @Option(
            names = "--real-steps",
            paramLabel = "N",
            defaultValue = "300",
            description = "Steps on real images, rounded up to whole passes (default: ${DEFAULT-VALUE}).")
    private int realSteps;

    @Option(names = "--real-epochs", paramLabel = "N", description = "Passes over the real images, instead of steps.")
    private @Nullable Integer realEpochs;

    @Option(names = "--batch", paramLabel = "N", description = "Images a step (default: that of the set).")
    private @Nullable Integer batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            defaultValue = "0.01",
            description = "Of every network, on the set and on real images (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--learned-rate",
            description = "On the set, take the rate that was learned with it; it was learned for one network.")
    private boolean learnedRate;

    @Option(
            names = "--random-proxy",
            description = "Rank the networks by as many random real images, too: the proxy to beat.")
    private boolean randomProxy;

    SearchSpace space(long seed) {
        SearchSpace whole = parsed();
        int size = whole.networks().size();
        if (networks == null) {
            return whole.draw(Math.min(USUAL_NETWORKS, size), seed);
        }
        if (networks < 1 || networks > size) {
            throw CommandException.usage("--networks is " + networks + ", must be 1 to " + size
                    + (size == SearchSpace.whole().networks().size() ? "" : ", as many as --space leaves"));
        }
        return whole.draw(networks, seed);
    }

    SearchSettings settings(DistilledSet set, int realImages, long seed) {
        int images = batch == null ? set.recipe().batch() : batch;
        requirePositive("--epochs", epochs);
        requirePositive("--real-steps", realSteps);
        requirePositive("--real-epochs", realEpochs == null ? 1 : realEpochs);
        requirePositive("--batch", images);
        requirePositive("--learning-rate", learningRate);
        int steps = realEpochs == null ? realSteps : Math.multiplyExact(realEpochs, (realImages + images - 1) / images);
        double setRate = learnedRate ? set.recipe().learningRate() : learningRate;
        return new SearchSettings(seed, epochs, steps, images, setRate, learningRate, randomProxy);
    }

    private SearchSpace parsed() {
        try {
            return SearchSpace.parse(space);
        } catch (IllegalArgumentException e) {
            throw CommandException.usage("--space: " + e.getMessage());
        }
    }

    private static void requirePositive(String option, double value) {
        if (!(value > 0)) {
            throw CommandException.usage(option + " is " + (value == Math.rint(value) ? (long) value : value)
                    + ", must be " + (option.endsWith("rate") ? "positive" : "at least 1"));
        }
    }
}
