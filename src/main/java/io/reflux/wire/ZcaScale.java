package io.reflux.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.reflux.nn.ZcaNormalisation;
import java.util.List;

/**
 * ZCA whitening: x' = (x/255 − μ)·T, with μ [D] and T [D,D] in the records of the shards.
 *
 * @param kind {@value #KIND}
 * @param epsilon that was added to every eigenvalue
 * @param digest lower-case hexadecimal SHA-256 of the shards' values, one after the other
 * @param shards keys of the records that hold μ and T, in order; empty where only the digest is of interest
 */
public record ZcaScale(
        String kind,
        float epsilon,
        String digest,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> shards) implements Scale {
    static final String KIND = "zca";

    public ZcaScale {
        shards = List.copyOf(shards);
    }

    static ZcaScale of(ZcaNormalisation normalisation, List<String> shards) {
        return new ZcaScale(KIND, normalisation.epsilon(), normalisation.digest(), shards);
    }
}
