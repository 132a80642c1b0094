package io.reflux.cli;

import io.reflux.console.CommandException;
import io.reflux.distill.Baseline;
import io.reflux.distill.DistilledSet;
import io.reflux.distill.NetworkSettings;
import io.reflux.nn.Architecture;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What else a set is judged by: other networks, other small sets, another length of training. */
final class ComparisonOptions {
    @Option(
            names = "--net",
            paramLabel = "NAMES",
            split = ",",
            description = {
                "Train students of these networks on the set: any of convnet, alexnet, vgg11, resnet18, separated by"
                        + " commas; convnet is the set's own network. The rows of real images are left out, but with"
                        + " --baselines.",
                "The others are made for 28 to 128 pixels and take minutes a student on a CPU: see --epochs."
            })
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--baselines",
            description = "More rows of real images: chosen by herding and by k-center in the features of a network"
                    + " trained on the sample, and random ones with soft labels from that network.")
    private boolean baselines;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the set and over as few real images (default: what the set's recipe says).")
    private @Nullable Integer epochs;

    /**
     * The networks asked for, in that order.
     *
     * @throws CommandException when there is no such network
     */
    Set<Architecture> networks() {
        Set<Architecture> networks = new LinkedHashSet<>();
        for (String name : names) {
            try {
                networks.add(Architecture.named(name));
            } catch (IllegalArgumentException e) {
                throw CommandException.usage("--net: " + e.getMessage());
            }
        }
        return networks;
    }

    /** @throws IllegalArgumentException when the set's images are too small for one of the networks */
    static void requireTaken(Set<Architecture> networks, DistilledSet set) {
        NetworkSettings own = set.recipe().network();
        networks.forEach(wanted -> wanted.network(set.shape(), set.classes().size(), own.width(), own.depth()));
    }

    /** The rows beside random real images. */
    Set<Baseline> baselines() {
        return baselines ? EnumSet.complementOf(EnumSet.of(Baseline.RANDOM)) : EnumSet.noneOf(Baseline.class);
    }

    /** Whether the rows of real images are asked for. */
    boolean rows() {
        return baselines || names.isEmpty();
    }

    /**
     * @param alone whether something else is asked for that these do not go with
     * @throws CommandException when an option cannot be
     */
    void check(boolean alone) {
        if (alone && (!names.isEmpty() || baselines || epochs != null)) {
            throw CommandException.usage(
                    "--trajectory-error is a command of its own: leave out --net, --baselines and --epochs");
        }
        if (epochs != null && epochs < 1) {
            throw CommandException.usage("--epochs is " + epochs + ", must be at least 1");
        }
    }

    /** The set, trained on for as many epochs as asked for. */
    DistilledSet over(DistilledSet set) {
        return epochs == null ? set : set.withRecipe(set.recipe().withEpochs(epochs));
    }
}
