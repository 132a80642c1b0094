/** The way in: what becomes of each image record, the collector that acts on it, and the dead letters. */
@org.jspecify.annotations.NullMarked
package io.reflux.intake;
