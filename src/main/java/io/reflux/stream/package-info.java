/** The stages between the topics: the collector, the owner of the reservoir, rounds, and their publication. */
@NullMarked
package io.reflux.stream;

import org.jspecify.annotations.NullMarked;
