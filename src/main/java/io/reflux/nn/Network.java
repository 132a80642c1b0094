package io.reflux.nn;

import ai.djl.ndarray.NDArray;

/** A classifier as a pure function of a flat parameter vector. */
public interface Network {
    ParameterLayout layout();

    /** Number of classes K. */
    int classes();

    /** Logits [B,K] of images [B,C,H,W] at parameters [P]; differentiable in both. */
    NDArray logits(NDArray theta, NDArray images);
}
