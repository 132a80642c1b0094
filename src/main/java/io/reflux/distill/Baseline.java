package io.reflux.distill;

/** A small set of real images that a distilled set is compared with. */
public enum Baseline {
    /** Drawn at random, a new draw for each student. */
    RANDOM,

    /** Chosen one by one so that the mean of their features stays next to that of the class (Welling, ICML 2009). */
    HERDING,

    /** Chosen one by one as the farthest from those chosen (Sener and Savarese, ICLR 2018). */
    K_CENTER,

    /** The draws of {@link #RANDOM}, labelled with the probabilities that a network trained on the sample gives. */
    RANDOM_SOFT
}
