package io.reflux.distill;

/** A stage of a distillation, in order. */
public enum Stage {
    /** Fits a whitening; only where the settings ask for one and there is none yet. */
    WHITENING,
    EXPERTS,
    MATCHING,
    EVALUATION
}
