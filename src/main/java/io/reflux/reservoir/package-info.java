/** The samples: their owner on the reservoir topic, what is erased of them, and their images to look at. */
@org.jspecify.annotations.NullMarked
package io.reflux.reservoir;
