package io.reflux.distill;

/**
 * The three rows of an evaluation.
 *
 * @param distilled students trained on the distilled set with its learned rate
 * @param random students trained on random real images of the same count, one draw each
 * @param sample students trained on the whole sample
 */
public record EvaluationReport(Accuracy distilled, Accuracy random, Accuracy sample) {}
