/** Tensor container formats: safetensors and NumPy's npy and npz. Pure codecs, no dependencies on the rest of Reflux. */
@org.jspecify.annotations.NullMarked
package io.reflux.format;
