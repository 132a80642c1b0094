/** Networks as pure functions of a flat parameter vector, differentiable augmentation, and normalisation, on DJL arrays. */
@org.jspecify.annotations.NullMarked
package io.reflux.nn;
