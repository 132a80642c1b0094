/** The rounds: when one is due, its way from a sample to a published generation, and the reading of what is published. */
@org.jspecify.annotations.NullMarked
package io.reflux.rounds;
