package io.reflux.nn;

import ai.djl.ndarray.NDArray;

/** A classifier as a pure function of a flat parameter vector. */
public interface Network {
    ParameterLayout layout();

    /** Number of classes K. */
    int classes();

    /** Logits [B,K] of images [B,C,H,W] at parameters [P]; differentiable in both. */
    NDArray logits(NDArray theta, NDArray images);

    /** About the bytes that one image's activations take in a pass and its gradient, in float32. */
    long activationBytes();
}
