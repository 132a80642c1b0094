package io.reflux.nn;

import ai.djl.ndarray.NDArray;

/** How a block of the ConvNet family halves its map, if it does; an odd last row or column is left out. */
public enum Pooling {
    NONE("none"),
    MAX("max"),
    AVERAGE("avg");

    private final String key;

    Pooling(String key) {
        this.key = key;
    }

    /** As it stands in a network's name. */
    public String key() {
        return key;
    }

    NDArray of(NDArray x) {
        return switch (this) {
            case NONE -> x;
            case MAX -> Layers.maxPool(x);
            case AVERAGE -> Layers.averagePool(x, 2, 2);
        };
    }

    FeatureMap of(FeatureMap map) {
        return this == NONE ? map : map.pooled(2, 2);
    }
}
