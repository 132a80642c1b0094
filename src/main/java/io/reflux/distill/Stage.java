package io.reflux.distill;

/** A stage of a distillation, in order. */
public enum Stage {
    EXPERTS,
    MATCHING,
    EVALUATION
}
