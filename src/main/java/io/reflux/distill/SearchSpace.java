package io.reflux.distill;

import io.reflux.nn.ConvNetVariant;
import io.reflux.nn.Draws;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A part of the family of 720 ConvNets: those whose features are among the ones named.
 *
 * @param networks in the family's order
 */
public record SearchSpace(List<ConvNetVariant> networks) {
    private static final Map<String, Function<ConvNetVariant, String>> FEATURES = features();

    public SearchSpace {
        networks = List.copyOf(networks);
    }

    /** The whole family. */
    public static SearchSpace whole() {
        return new SearchSpace(ConvNetVariant.all());
    }

    /**
     * Reads a restriction such as {@code width=32,64;depth=2,3;norm=instance}; features that are not named keep all their
     * values.
     *
     * @throws IllegalArgumentException naming what the family has not
     */
    public static SearchSpace parse(String restriction) {
        List<ConvNetVariant> left = ConvNetVariant.all();
        for (String part : restriction.split(";")) {
            left = part.isBlank() ? left : restrict(left, part.strip());
        }
        if (left.isEmpty()) {
            throw new IllegalArgumentException("no network is all that '" + restriction + "' asks for");
        }
        return new SearchSpace(left);
    }

    /**
     * A uniform draw of networks, in the family's order; with the same seed a larger draw holds every smaller one.
     *
     * @throws IllegalArgumentException when there are not as many
     */
    public SearchSpace draw(int count, long seed) {
        if (count < 1 || count > networks.size()) {
            throw new IllegalArgumentException("cannot draw " + count + " networks from a space of " + networks.size());
        }
        int[] order = Draws.of(seed, "search-space", 0, 0).permutation(networks.size());
        return new SearchSpace(IntStream.of(Arrays.copyOf(order, count))
                .sorted()
                .mapToObj(networks::get)
                .toList());
    }

    private static List<ConvNetVariant> restrict(List<ConvNetVariant> networks, String part) {
        int equals = part.indexOf('=');
        String name = (equals < 0 ? part : part.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
        Function<ConvNetVariant, String> feature = FEATURES.get(name);
        if (equals < 0 || feature == null) {
            throw new IllegalArgumentException("'" + part + "' restricts no feature of the networks; write"
                    + " feature=value,value with a feature of " + String.join(", ", FEATURES.keySet()));
        }
        List<String> values = Arrays.stream(part.substring(equals + 1).split(","))
                .map(value -> value.strip().toLowerCase(Locale.ROOT))
                .toList();
        List<String> known =
                ConvNetVariant.all().stream().map(feature).distinct().toList();
        for (String value : values) {
            if (!known.contains(value)) {
                throw new IllegalArgumentException("there is no " + name + " '" + value
                        + "' among the networks; there are " + String.join(", ", known));
            }
        }
        return networks.stream()
                .filter(network -> values.contains(feature.apply(network)))
                .toList();
    }

    private static Map<String, Function<ConvNetVariant, String>> features() {
        Map<String, Function<ConvNetVariant, String>> features = new LinkedHashMap<>();
        features.put("width", network -> Integer.toString(network.width()));
        features.put("depth", network -> Integer.toString(network.depth()));
        features.put("activation", network -> network.activation().key());
        features.put("norm", network -> network.norm().key());
        features.put("pooling", network -> network.pooling().key());
        return features;
    }
}
