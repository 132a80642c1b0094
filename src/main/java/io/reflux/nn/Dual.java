package io.reflux.nn;

import ai.djl.ndarray.NDArray;

/** A dual number over arrays: a value and its derivative along one direction, of the same shape. */
public record Dual(NDArray value, NDArray tangent) {}
