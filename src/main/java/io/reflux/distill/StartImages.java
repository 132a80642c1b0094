package io.reflux.distill;

/** Which real images the synthetic ones begin as. */
public enum StartImages {
    /** Random ones of the class. */
    RANDOM,
    /** Random ones among those that an expert classifies correctly at its end (Guo et al., ICLR 2024). */
    CORRECT,
    /** The ones that {@linkplain Herding herding} chooses by the features of the first expert at its end. */
    HERDED
}
