package io.reflux.sample;

/**
 * How much of a feed is kept.
 *
 * @param perClass the k smallest priorities of each class, held-out images not counted
 * @param heldOutPerClass the same for held-out images
 * @param classes the most classes
 */
public record SampleLimits(int perClass, int heldOutPerClass, int classes) {
    public SampleLimits {
        if (perClass < 1 || heldOutPerClass < 0 || classes < 1) {
            throw new IllegalArgumentException("a sample keeps at least one image of one class, not " + perClass
                    + " and " + heldOutPerClass + " held out of " + classes + " classes");
        }
    }

    /** Limits whose held-out part is the hold-out's share of k. */
    public static SampleLimits of(int perClass, HoldOut holdOut, int classes) {
        return new SampleLimits(perClass, holdOut.perClass(perClass), classes);
    }

    int of(boolean heldOut) {
        return heldOut ? heldOutPerClass : perClass;
    }
}
