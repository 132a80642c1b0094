package io.reflux.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.reflux.nn.ChannelNormalisation;
import io.reflux.nn.Normalisation;
import io.reflux.nn.ZcaNormalisation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which normalisation the images of a set are in; by channel when a document names no kind. */
public sealed interface Scale permits ChannelScale, ZcaScale {
    /** What the normalisation is; a whitening's matrix stands elsewhere. */
    static Scale of(Normalisation normalisation) {
        return normalisation instanceof ZcaNormalisation zca
                ? ZcaScale.of(zca, List.of())
                : ChannelScale.of((ChannelNormalisation) normalisation);
    }

    /** @throws IllegalArgumentException when the kind is unknown, or what it needs is missing */
    @JsonCreator
    static Scale read(
            @JsonProperty("kind") @Nullable String kind,
            @JsonProperty("mean") float @Nullable [] mean,
            @JsonProperty("deviation") float @Nullable [] deviation,
            @JsonProperty("epsilon") @Nullable Float epsilon,
            @JsonProperty("digest") @Nullable String digest,
            @JsonProperty("shards") @Nullable List<String> shards) {
        if (kind == null) {
            if (mean == null || deviation == null) {
                throw new IllegalArgumentException("a normalisation by channel needs mean and deviation");
            }
            return new ChannelScale(mean, deviation);
        }
        if (!kind.equals(ZcaScale.KIND)) {
            throw new IllegalArgumentException(
                    "the normalisation '" + kind + "' is of a kind that this version does not know");
        }
        if (epsilon == null || digest == null) {
            throw new IllegalArgumentException("a normalisation by ZCA needs epsilon and digest");
        }
        return new ZcaScale(kind, epsilon, digest, shards == null ? List.of() : shards);
    }
}
