package io.reflux.distill;

import java.util.Comparator;
import java.util.List;

/**
 * The networks of a search, in the family's order, and how a proxy ranks them.
 *
 * <p>A correlation over the "top k" compares how two sources order k networks; which k is a choice, and the papers leave
 * it open. By the proxy's own choice it asks whether what a searcher would look at is in the right order; by the real
 * ranking, whether the proxy can tell the best apart. Both are given.
 */
public record SearchReport(List<NetworkScore> networks) {
    public SearchReport {
        networks = List.copyOf(networks);
    }

    /** Best first; equal accuracies stay in the family's order. */
    public List<NetworkScore> ranked(TrainingSource source) {
        return networks.stream()
                .sorted(Comparator.comparingDouble(
                                (NetworkScore network) -> network.on(source).accuracy())
                        .reversed())
                .toList();
    }

    /**
     * Spearman's rank correlation between a proxy and real images over the first {@code top} networks.
     *
     * @param proxy whose ranking is compared with that of {@link TrainingSource#REAL}
     * @param chosenBy whose ranking says which are the first
     * @return NaN where one side gives all of them the same accuracy
     */
    public double correlation(TrainingSource proxy, TrainingSource chosenBy, int top) {
        List<NetworkScore> first = ranked(chosenBy).subList(0, Math.min(top, networks.size()));
        return RankCorrelation.spearman(accuracies(first, proxy), accuracies(first, TrainingSource.REAL));
    }

    /** Accuracy on real images of the network that this source puts first. */
    public double found(TrainingSource source) {
        return ranked(source).get(0).on(TrainingSource.REAL).accuracy();
    }

    /** Seconds of all trainings on a source, added up. */
    public double seconds(TrainingSource source) {
        return networks.stream()
                .mapToDouble(network -> network.on(source).seconds())
                .sum();
    }

    /** Whether the networks were trained on this source. */
    public boolean has(TrainingSource source) {
        return networks.stream().allMatch(network -> network.tests().containsKey(source));
    }

    private static double[] accuracies(List<NetworkScore> networks, TrainingSource source) {
        return networks.stream()
                .mapToDouble(network -> network.on(source).accuracy())
                .toArray();
    }
}
