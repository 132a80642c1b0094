package io.reflux.distill;

/** Which normalisation a distillation works in. */
public enum WhiteningSetting {
    /** A mean and a deviation for each channel. */
    NONE,
    /** ZCA whitening of whole images. */
    ZCA
}
