package io.reflux.wire;

import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a round works on and by, from the moment it has its sample; enough to do it again.
 *
 * @param offsets reached on the partitions of {@code images}
 * @param seed every draw derives from
 * @param version of Reflux
 * @param configuration every setting that decides a distillation, by property name; absent where it is left out of a list
 */
public record RoundOrigin(
        SortedMap<Integer, Long> offsets,
        long seed,
        String version,
        @Nullable SortedMap<String, String> configuration) {
    /** The same, with a configuration that is equal and known already, so that a history holds it once. */
    public RoundOrigin sharing(@Nullable RoundOrigin known) {
        return known != null && configuration != null && configuration.equals(known.configuration)
                ? new RoundOrigin(offsets, seed, version, known.configuration)
                : this;
    }

    /** The same without its configuration. */
    public RoundOrigin brief() {
        return new RoundOrigin(offsets, seed, version, null);
    }
}
